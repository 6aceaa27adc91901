"""The first tables, views and functions.

Revision: 0001
"""

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import HALFVEC, VECTOR
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# As they were then: enfilade/sql tells what they are now.
DEFINITIONS = (
    """
-- JPEGs don't compress: keep them out of line and as they are.
ALTER TABLE enfilade.rendition ALTER COLUMN bytes SET STORAGE EXTERNAL;
""",
    """
-- The distance of everything in Enfilade: the angle between two unit vectors, in radians, from 0 to pi.
-- By the chord, which keeps its digits where two vectors are nearly the same; 1 - cosine distance loses them there.
CREATE FUNCTION enfilade.angle(a vector, b vector) RETURNS double precision
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN 2 * asin(least(1, (a <-> b) / 2));
""",
    """
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
""",
    """
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
""",
    """
-- Every image that is shown, with where it was found.
CREATE VIEW enfilade.picture AS
SELECT i.id, i.title, i.artist, i.year_from, i.year_to, i.style, i.genre, i.licence, i.width, i.height, i.attributes,
    i.ingested_at,
    (SELECT array_agg(o.source_uri ORDER BY o.source_uri) FROM enfilade.occurrence AS o WHERE o.image_id = i.id) AS sources
FROM enfilade.image AS i
WHERE i.hidden_at IS NULL;
""",
)
TABLES = (
    "current",
    "graph",
    "space",
    "rendition",
    "occurrence",
    "feature",
    "run",
    "rejection",
    "image",
    "extractor",
    "embedding",
    "edge",
)


def upgrade() -> None:
    """Make the extension, the tables, the views and the functions."""
    op.execute("CREATE EXTENSION IF NOT EXISTS vector")
    op.create_table(
        "edge",
        sa.Column("graph_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.BigInteger(), nullable=False, comment="image id, the lesser of the two"),
        sa.Column("target", sa.BigInteger(), nullable=False, comment="image id, the greater of the two"),
        sa.Column("distance", sa.REAL(), nullable=False, comment="angle between the two embeddings, radians"),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="knn: neighbours one way; mutual: both ways; bridge: joins components",
        ),
        sa.Column(
            "source_rank",
            sa.SmallInteger(),
            nullable=True,
            comment="the target is the source's n-th neighbour; null beyond k",
        ),
        sa.Column(
            "target_rank",
            sa.SmallInteger(),
            nullable=True,
            comment="the source is the target's n-th neighbour; null beyond k",
        ),
        sa.CheckConstraint("kind IN ('knn', 'mutual', 'bridge')", name=op.f("edge_kind")),
        sa.CheckConstraint("distance >= 0", name=op.f("edge_distance")),
        sa.CheckConstraint("source < target", name=op.f("edge_order")),
        sa.PrimaryKeyConstraint("graph_id", "source", "target", name=op.f("edge_pkey")),
        schema="enfilade",
        comment="Undirected edges between similar images; one partition a graph.",
        postgresql_partition_by="LIST (graph_id)",
    )
    op.create_index(op.f("edge_graph_id_target"), "edge", ["graph_id", "target"], unique=False, schema="enfilade")
    op.create_table(
        "embedding",
        sa.Column("space_id", sa.BigInteger(), nullable=False),
        sa.Column("image_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "vector", VECTOR(), nullable=False, comment="of unit length; enfilade.angle() of two is their distance"
        ),
        sa.PrimaryKeyConstraint("space_id", "image_id", name=op.f("embedding_pkey")),
        schema="enfilade",
        comment="Each image's place in each space; one partition a space, with its own HNSW index.",
        postgresql_partition_by="LIST (space_id)",
    )
    op.create_table(
        "extractor",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("recipe", JSONB(), nullable=False, comment="backbone, hash of the weights, preprocessing, precision"),
        sa.Column("recipe_hash", sa.Text(), nullable=False),
        sa.Column("dimensions", sa.Integer(), nullable=False),
        sa.CheckConstraint("dimensions > 0", name=op.f("extractor_dimensions")),
        sa.PrimaryKeyConstraint("id", name=op.f("extractor_pkey")),
        sa.UniqueConstraint("recipe_hash", name=op.f("extractor_recipe_hash_key")),
        schema="enfilade",
        comment="A way to turn a picture into a feature vector.",
    )
    op.create_table(
        "image",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False, comment="SHA-256 of the file's bytes"),
        sa.Column("phash", sa.BigInteger(), nullable=False, comment="perceptual hash, 64 bits, as a signed integer"),
        sa.Column("width", sa.Integer(), nullable=False, comment="pixels, of the upright original"),
        sa.Column("height", sa.Integer(), nullable=False, comment="pixels, of the upright original"),
        sa.Column("media_type", sa.Text(), nullable=False, comment="of the original, by its content"),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("artist", sa.Text(), nullable=True),
        sa.Column("year_from", sa.Integer(), nullable=True, comment="first year it may have been made in"),
        sa.Column("year_to", sa.Integer(), nullable=True, comment="last year it may have been made in"),
        sa.Column("style", sa.Text(), nullable=True),
        sa.Column("genre", sa.Text(), nullable=True),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column(
            "attributes",
            JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="every other column of its manifest",
        ),
        sa.Column("ingested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "hidden_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it was removed; null while it is shown",
        ),
        sa.CheckConstraint("octet_length(sha256) = 32", name=op.f("image_sha256_length")),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("image_size")),
        sa.CheckConstraint("year_from <= year_to", name=op.f("image_years")),
        sa.PrimaryKeyConstraint("id", name=op.f("image_pkey")),
        sa.UniqueConstraint("sha256", name=op.f("image_sha256_key")),
        schema="enfilade",
        comment="One row for each distinct picture.",
    )
    op.create_index(op.f("image_artist"), "image", ["artist"], unique=False, schema="enfilade")
    op.create_index(
        "image_attributes",
        "image",
        ["attributes"],
        unique=False,
        schema="enfilade",
        postgresql_using="gin",
        postgresql_ops={"attributes": "jsonb_path_ops"},
    )
    op.create_index(op.f("image_genre"), "image", ["genre"], unique=False, schema="enfilade")
    op.create_index(op.f("image_style"), "image", ["style"], unique=False, schema="enfilade")
    op.create_index(op.f("image_year_from_year_to"), "image", ["year_from", "year_to"], unique=False, schema="enfilade")
    op.create_table(
        "rejection",
        sa.Column("source_uri", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False, comment="the folder or manifest that was ingested"),
        sa.Column("reason", sa.Text(), nullable=False, comment="a stable code, see docs/formats.md"),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("source_uri", name=op.f("rejection_pkey")),
        schema="enfilade",
        comment="Every file that was not taken, and why.",
    )
    op.create_table(
        "run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "started_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column(
            "finished_at", sa.DateTime(timezone=True), nullable=True, comment="null while it runs, or if it was killed"
        ),
        sa.Column(
            "counts",
            JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="rows = added + duplicates + unchanged + …",
        ),
        sa.Column(
            "rates",
            JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="images_per_second, seconds",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("run_pkey")),
        schema="enfilade",
        comment="Each ingest.",
    )
    op.create_table(
        "feature",
        sa.Column("extractor_id", sa.BigInteger(), nullable=False),
        sa.Column("image_id", sa.BigInteger(), nullable=False),
        sa.Column("vector", HALFVEC(), nullable=False, comment="as the network gave it, rounded to half precision"),
        sa.ForeignKeyConstraint(["extractor_id"], ["enfilade.extractor.id"], name=op.f("feature_extractor_id_fkey")),
        sa.ForeignKeyConstraint(
            ["image_id"], ["enfilade.image.id"], name=op.f("feature_image_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("extractor_id", "image_id", name=op.f("feature_pkey")),
        schema="enfilade",
        comment="Raw features, kept so that spaces can be fitted again without the pictures.",
    )
    op.create_index(op.f("feature_image_id"), "feature", ["image_id"], unique=False, schema="enfilade")
    op.create_table(
        "occurrence",
        sa.Column("source_uri", sa.Text(), nullable=False, comment="where the file was found"),
        sa.Column("image_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False, comment="the folder or manifest that was ingested"),
        sa.Column("metadata", JSONB(), nullable=False, comment="what that source said of it, as given"),
        sa.Column(
            "describes",
            sa.Boolean(),
            nullable=False,
            comment="whether the image's title, artist and so on come from here",
        ),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["image_id"], ["enfilade.image.id"], name=op.f("occurrence_image_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("source_uri", name=op.f("occurrence_pkey")),
        schema="enfilade",
        comment="Where each picture was found: a file met twice is one image with two occurrences.",
    )
    op.create_index(op.f("occurrence_image_id"), "occurrence", ["image_id"], unique=False, schema="enfilade")
    op.create_index(op.f("occurrence_source"), "occurrence", ["source"], unique=False, schema="enfilade")
    op.create_table(
        "rendition",
        sa.Column("image_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="thumbnail, preview or original"),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind IN ('thumbnail', 'preview', 'original')", name=op.f("rendition_kind")),
        sa.ForeignKeyConstraint(
            ["image_id"], ["enfilade.image.id"], name=op.f("rendition_image_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("image_id", "kind", name=op.f("rendition_pkey")),
        schema="enfilade",
        comment="The files that are served: JPEGs without private metadata, and originals where kept.",
    )
    op.create_table(
        "space",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("extractor_id", sa.BigInteger(), nullable=False),
        sa.Column("recipe", JSONB(), nullable=False, comment="all that is needed to place a picture in it again"),
        sa.Column("recipe_hash", sa.Text(), nullable=False),
        sa.Column("dimensions", sa.Integer(), nullable=False),
        sa.Column("fitted_on", sa.Integer(), nullable=False, comment="how many images the projection was fitted on"),
        sa.Column(
            "parameters",
            sa.LargeBinary(),
            nullable=False,
            comment="NumPy .npz: mean, components, scales of the projection",
        ),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("evaluation", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("status IN ('published', 'retired', 'dropped')", name=op.f("space_status")),
        sa.CheckConstraint("dimensions > 0", name=op.f("space_dimensions")),
        sa.ForeignKeyConstraint(["extractor_id"], ["enfilade.extractor.id"], name=op.f("space_extractor_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("space_pkey")),
        sa.UniqueConstraint("name", "version", name=op.f("space_name_version_key")),
        schema="enfilade",
        comment="A versioned embedding: one meaning of likeness, and how to place a picture in it.",
    )
    op.create_table(
        "graph",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("space_id", sa.BigInteger(), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False, comment="nearest neighbours asked for"),
        sa.Column(
            "metric", sa.Text(), server_default="angle", nullable=False, comment="unit of edge.distance: radians"
        ),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("images", sa.Integer(), nullable=False),
        sa.Column("edges", sa.Integer(), nullable=False),
        sa.Column(
            "components_before", sa.Integer(), nullable=False, comment="connected components before bridges joined them"
        ),
        sa.Column("recall", sa.REAL(), nullable=False, comment="share of true neighbours found; 1 for exact search"),
        sa.Column(
            "membership", sa.LargeBinary(), nullable=False, comment="SHA-256 over the hashes of its images, in order"
        ),
        sa.Column("statistics", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("metric = 'angle'", name=op.f("graph_metric")),
        sa.CheckConstraint("status IN ('published', 'retired', 'dropped')", name=op.f("graph_status")),
        sa.ForeignKeyConstraint(["space_id"], ["enfilade.space.id"], name=op.f("graph_space_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("graph_pkey")),
        schema="enfilade",
        comment="One build of a space's similarity graph; immutable once published.",
    )
    op.create_index(op.f("graph_space_id"), "graph", ["space_id"], unique=False, schema="enfilade")
    op.create_table(
        "current",
        sa.Column("space_name", sa.Text(), nullable=False),
        sa.Column("space_id", sa.BigInteger(), nullable=False),
        sa.Column("graph_id", sa.BigInteger(), nullable=True, comment="null until its first graph is published"),
        sa.Column("is_default", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["graph_id"], ["enfilade.graph.id"], name=op.f("current_graph_id_fkey")),
        sa.ForeignKeyConstraint(["space_id"], ["enfilade.space.id"], name=op.f("current_space_id_fkey")),
        sa.PrimaryKeyConstraint("space_name", name=op.f("current_pkey")),
        schema="enfilade",
        comment="What is published: the version and the graph of each space.",
    )
    op.create_index(
        "current_default",
        "current",
        ["is_default"],
        unique=True,
        schema="enfilade",
        postgresql_where=sa.text("is_default"),
    )
    for definition in DEFINITIONS:
        op.execute(definition)


def downgrade() -> None:
    """Drop all of it but the extension, which others may use."""
    op.execute("DROP VIEW enfilade.picture, enfilade.link")
    op.execute("DROP FUNCTION enfilade.neighbours(bigint, integer, text), enfilade.angle(vector, vector)")
    for table in TABLES:
        op.drop_table(table, schema="enfilade")
