-- The distance of everything in Enfilade: the angle between two unit vectors, in radians, from 0 to pi.
-- By the chord, which keeps its digits where two vectors are nearly the same; 1 - cosine distance loses them there.
CREATE FUNCTION enfilade.angle(a vector, b vector) RETURNS double precision
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN 2 * asin(least(1, (a <-> b) / 2));
