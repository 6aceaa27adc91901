"""Two functions that walk: shortest_path and within_hops.

Revision: 0003
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# As they were then: enfilade/sql tells what they are now.
DEFINITIONS = (
    """
-- The path between two images with the least sum of angles, over the published graph of a space; the default space where
-- none is named. Each row's distance is that of the step that leads to its image. Removed images are not walked through.
--
-- E. W. Dijkstra's algorithm (1959) from both ends, I. Pohl, "Bi-directional search" (1971): the smaller frontier grows,
-- until no path through what is left can be shorter. It grows by its nearest eighth at a time, many images with one
-- statement, and an image to which a shorter way is found later is taken up again. Image by image, with a heap, it took
-- twice as long; with half the frontier, half as long again where the lengths of edges differ much.
CREATE FUNCTION enfilade.shortest_path(source bigint, target bigint, space_name text DEFAULT NULL)
    RETURNS TABLE (step integer, image_id bigint, distance double precision)
    LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
    -- A plan for the values of the moment would take in copies of the arrays.
    SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    walked bigint;  -- the graph's id
    asked bigint;
    width integer;
    -- Both ends share an array: ways from the source lie at id - source_base, 1 to width, the target's come after them.
    source_base bigint;
    target_base bigint;
    known double precision[];  -- the length of the shortest way known to an image
    before bigint[];           -- the image before it on that way
    near bigint[] := ARRAY[shortest_path.source];  -- the frontier that grows: images to go on from
    near_base bigint;
    near_least double precision := 0;              -- the length of the shortest way to one of them
    far bigint[] := ARRAY[shortest_path.target];   -- the other frontier
    far_base bigint;
    far_least double precision := 0;
    growing bigint[];
    ids bigint[];
    lengths double precision[];
    froms bigint[];
    reached_least double precision;
    shortest double precision := 'infinity';
    meeting bigint;  -- an image on the shortest path
BEGIN
    SELECT c.graph_id INTO walked FROM enfilade.current AS c
    WHERE c.space_name = shortest_path.space_name OR (shortest_path.space_name IS NULL AND c.is_default);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'No space named % is published.', coalesce(shortest_path.space_name, '(default)');
    END IF;
    FOREACH asked IN ARRAY near || far LOOP
        IF NOT EXISTS (SELECT FROM enfilade.image AS i WHERE i.id = asked AND i.hidden_at IS NULL) THEN
            RAISE EXCEPTION 'No image has the id %.', asked;
        END IF;
    END LOOP;
    IF shortest_path.source = shortest_path.target THEN
        RETURN QUERY SELECT 0, shortest_path.source, 0::double precision;
        RETURN;
    END IF;
    FOREACH asked IN ARRAY near || far LOOP
        IF NOT EXISTS (SELECT FROM enfilade.edge AS e WHERE e.graph_id = walked AND e.source = asked)
            AND NOT EXISTS (SELECT FROM enfilade.edge AS e WHERE e.graph_id = walked AND e.target = asked)
        THEN
            RAISE EXCEPTION 'The image % is in no edge of this space''s graph: it came later, or is the only one.', asked;
        END IF;
    END LOOP;

    SELECT min(e.source) - 1, max(e.target) - min(e.source) + 1 INTO source_base, width
    FROM enfilade.edge AS e WHERE e.graph_id = walked;
    target_base := source_base - width;
    near_base := source_base;
    far_base := target_base;
    known[1] := NULL;
    known[2 * width] := NULL;  -- makes the whole room at once
    before[1] := NULL;
    before[2 * width] := NULL;
    known[shortest_path.source - source_base] := 0;
    known[shortest_path.target - target_base] := 0;
    LOOP
        IF cardinality(near) > cardinality(far) THEN
            SELECT far, far_base, far_least, near, near_base, near_least
            INTO near, near_base, near_least, far, far_base, far_least;
        END IF;
        SELECT array_agg(n.id ORDER BY n.length, n.id) INTO near
        FROM (SELECT DISTINCT n.id, known[n.id - near_base] AS length FROM unnest(near) AS n (id)) AS n
        WHERE n.length + far_least < shortest;
        EXIT WHEN near IS NULL;
        growing := near[: greatest(16, cardinality(near) / 8)];
        near := near[cardinality(growing) + 1 :];
        -- Gathered before the loop below, whose own query would copy the arrays.
        SELECT array_agg(r.id), array_agg(r.length), array_agg(r.before), min(r.length)
        INTO ids, lengths, froms, reached_least
        FROM (
            SELECT DISTINCT ON (s.id) s.*
            FROM (
                SELECT e.target AS id, known[e.source - near_base] + e.distance AS length, e.source AS before
                FROM unnest(growing) AS g (id) JOIN enfilade.edge AS e ON e.graph_id = walked AND e.source = g.id
                UNION ALL
                SELECT e.source, known[e.target - near_base] + e.distance, e.target
                FROM unnest(growing) AS g (id) JOIN enfilade.edge AS e ON e.graph_id = walked AND e.target = g.id
            ) AS s
            WHERE s.length < least(shortest, known[s.id - near_base])
            ORDER BY s.id, s.length, s.before
        ) AS r
        WHERE NOT EXISTS (SELECT FROM enfilade.image AS i WHERE i.id = r.id AND i.hidden_at IS NOT NULL);
        FOR place IN 1 .. coalesce(cardinality(ids), 0) LOOP
            known[ids[place] - near_base] := lengths[place];
            before[ids[place] - near_base] := froms[place];
            IF lengths[place] + known[ids[place] - far_base] < shortest THEN
                shortest := lengths[place] + known[ids[place] - far_base];
                meeting := ids[place];
            END IF;
        END LOOP;
        near_least := least(known[near[1] - near_base], reached_least);
        near := near || ids;
    END LOOP;
    IF meeting IS NULL THEN
        RAISE EXCEPTION 'Nothing joins the images % and %, now that others were removed.',
            shortest_path.source, shortest_path.target;
    END IF;

    ids := ARRAY[meeting];
    WHILE ids[1] <> shortest_path.source LOOP
        ids := before[ids[1] - source_base] || ids;
    END LOOP;
    WHILE ids[cardinality(ids)] <> shortest_path.target LOOP
        ids := ids || before[ids[cardinality(ids)] - target_base];
    END LOOP;
    RETURN QUERY
    SELECT p.place::integer - 1, p.id, coalesce(e.distance, 0)::double precision
    FROM unnest(ids, array_prepend(NULL, ids)) WITH ORDINALITY AS p (id, before, place)
    LEFT JOIN enfilade.edge AS e
        ON e.graph_id = walked AND e.source = least(p.id, p.before) AND e.target = greatest(p.id, p.before)
    WHERE p.id IS NOT NULL
    ORDER BY p.place;
END
$$;
""",
    """
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
""",
)


def upgrade() -> None:
    """Make the functions."""
    for definition in DEFINITIONS:
        op.execute(definition)


def downgrade() -> None:
    """Drop them."""
    op.execute(
        "DROP FUNCTION enfilade.shortest_path(bigint, bigint, text), enfilade.within_hops(bigint, integer, text)"
    )
