-- The images nearest to one of the collection, by the space's HNSW index; the default space where none is named.
CREATE FUNCTION enfilade.neighbours(image_id bigint, "limit" integer DEFAULT 24, space_name text DEFAULT NULL)
    RETURNS TABLE (rank bigint, neighbour_id bigint, distance double precision, title text, artist text)
    LANGUAGE plpgsql STABLE
    -- ef_search bounds the rows that one HNSW scan returns, and hidden images are filtered after it (pgvector's README).
    SET hnsw.ef_search = 200
    SET hnsw.iterative_scan = strict_order
AS $$
DECLARE
    place record;
BEGIN
    SELECT s.id, s.dimensions INTO place
    FROM enfilade.current AS c JOIN enfilade.space AS s ON s.id = c.space_id
    WHERE c.space_name = neighbours.space_name OR (neighbours.space_name IS NULL AND c.is_default);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'No space named % is published.', coalesce(neighbours.space_name, '(default)');
    END IF;
    IF NOT EXISTS (SELECT FROM enfilade.image AS i WHERE i.id = neighbours.image_id AND i.hidden_at IS NULL) THEN
        RAISE EXCEPTION 'No image has the id %.', neighbours.image_id;
    END IF;
    IF NOT EXISTS (
        SELECT FROM enfilade.embedding AS e WHERE e.space_id = place.id AND e.image_id = neighbours.image_id
    ) THEN
        RAISE EXCEPTION 'The image % has no place in this space yet.', neighbours.image_id;
    END IF;
    -- The cast is the index's own; without it the index is not used.
    RETURN QUERY EXECUTE format(
        $query$
        WITH probe AS MATERIALIZED (
            SELECT vector FROM enfilade.embedding WHERE space_id = %1$s AND image_id = $1
        ), nearest AS MATERIALIZED (
            SELECT e.image_id, enfilade.angle(e.vector, (SELECT vector FROM probe)) AS angle, i.title, i.artist
            FROM enfilade.embedding AS e JOIN enfilade.image AS i ON i.id = e.image_id
            WHERE e.space_id = %1$s AND e.image_id <> $1 AND i.hidden_at IS NULL
            ORDER BY e.vector::vector(%2$s) <=> (SELECT vector::vector(%2$s) FROM probe)
            LIMIT $2
        )
        SELECT row_number() OVER (ORDER BY n.angle, n.image_id), n.image_id, n.angle, n.title, n.artist
        FROM nearest AS n
        ORDER BY 1
        $query$,
        place.id, place.dimensions
    ) USING neighbours.image_id, neighbours."limit";
END
$$;
