-- The published graph of the default space, each edge seen from both of its ends; removed images are left out at once.
CREATE VIEW enfilade.link AS
WITH shown AS (
    SELECT e.* FROM enfilade.edge AS e
    WHERE e.graph_id = (SELECT graph_id FROM enfilade.current WHERE is_default)
        AND e.source NOT IN (SELECT id FROM enfilade.image WHERE hidden_at IS NOT NULL)
        AND e.target NOT IN (SELECT id FROM enfilade.image WHERE hidden_at IS NOT NULL)
)
SELECT source AS image_id, target AS neighbour_id, distance, kind, source_rank AS rank, target_rank AS rank_back
FROM shown
UNION ALL
SELECT target, source, distance, kind, target_rank, source_rank
FROM shown;
