-- Every image that is shown, with where it was found.
CREATE VIEW enfilade.picture AS
SELECT i.id, i.title, i.artist, i.year_from, i.year_to, i.style, i.genre, i.licence, i.width, i.height, i.attributes,
    i.ingested_at,
    (SELECT array_agg(o.source_uri ORDER BY o.source_uri) FROM enfilade.occurrence AS o WHERE o.image_id = i.id) AS sources
FROM enfilade.image AS i
WHERE i.hidden_at IS NULL;
