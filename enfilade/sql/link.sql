-- The published graph of the default space, each edge seen from both of its ends.
CREATE VIEW enfilade.link AS
WITH published AS (SELECT graph_id FROM enfilade.current WHERE is_default)
SELECT source AS image_id, target AS neighbour_id, distance, kind, source_rank AS rank, target_rank AS rank_back
FROM enfilade.edge WHERE graph_id = (SELECT graph_id FROM published)
UNION ALL
SELECT target, source, distance, kind, target_rank, source_rank
FROM enfilade.edge WHERE graph_id = (SELECT graph_id FROM published);
