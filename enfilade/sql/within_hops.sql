-- Every image that can be reached from one in at most so many steps over the published graph of a space, with the least
-- number of steps, nearest first; the default space where none is named. The image itself is left out, and so are removed
-- ones, which are not walked through either.
--
-- Each image is taken up once: in an undirected graph, what is joined to the latest images and is neither of them nor of
-- those before is new. A recursive query would come back to every image at each number of steps.
CREATE FUNCTION enfilade.within_hops(image_id bigint, hops integer, space_name text DEFAULT NULL)
    RETURNS TABLE (neighbour_id bigint, steps integer)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    -- Where few images are reached, planning takes longer than looking them up.
    SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    walked bigint;  -- the graph's id
    latest bigint[] := ARRAY[within_hops.image_id];
    earlier bigint[];
    newest bigint[];
BEGIN
    SELECT c.graph_id INTO walked FROM enfilade.current AS c
    WHERE c.space_name = within_hops.space_name OR (within_hops.space_name IS NULL AND c.is_default);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'No space named % is published.', coalesce(within_hops.space_name, '(default)');
    END IF;
    IF NOT EXISTS (SELECT FROM enfilade.image AS i WHERE i.id = within_hops.image_id AND i.hidden_at IS NULL) THEN
        RAISE EXCEPTION 'No image has the id %.', within_hops.image_id;
    END IF;
    IF NOT EXISTS (SELECT FROM enfilade.edge AS e WHERE e.graph_id = walked AND e.source = within_hops.image_id)
        AND NOT EXISTS (SELECT FROM enfilade.edge AS e WHERE e.graph_id = walked AND e.target = within_hops.image_id)
    THEN
        RAISE EXCEPTION 'The image % is in no edge of this space''s graph: it came later, or is the only one.',
            within_hops.image_id;
    END IF;
    IF within_hops.hops IS NULL OR within_hops.hops < 0 THEN
        RAISE EXCEPTION 'hops must be 0 or more, not %.', within_hops.hops;
    END IF;
    FOR away IN 1 .. within_hops.hops LOOP
        SELECT array_agg(n.id ORDER BY n.id) INTO newest
        FROM (
            SELECT e.target AS id
            FROM unnest(latest) AS l (id) JOIN enfilade.edge AS e ON e.graph_id = walked AND e.source = l.id
            UNION
            SELECT e.source
            FROM unnest(latest) AS l (id) JOIN enfilade.edge AS e ON e.graph_id = walked AND e.target = l.id
            EXCEPT
            SELECT unnest(latest || earlier)
        ) AS n
        WHERE NOT EXISTS (SELECT FROM enfilade.image AS i WHERE i.id = n.id AND i.hidden_at IS NOT NULL);
        EXIT WHEN newest IS NULL;
        RETURN QUERY SELECT n.id, away FROM unnest(newest) AS n (id);
        earlier := latest;
        latest := newest;
    END LOOP;
END
$$;
