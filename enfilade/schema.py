"""The tables of schema `enfilade`, as data. Comments are for whoever opens them in a BI tool.

`embedding` and `edge` are partitioned by space and by graph: publishing attaches a table that was built and indexed
apart, retiring detaches it; neither refers to `image`, so that publishing locks no image. `current` is switched in one
transaction. Views and functions lie in enfilade/sql; migrations/ makes all of it.
"""

from pgvector.sqlalchemy import HALFVEC, VECTOR
from sqlalchemy import (
    REAL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

__all__ = [
    "SCHEMA",
    "calibration",
    "current",
    "duplicate",
    "duplicate_pair",
    "edge",
    "embedding",
    "extractor",
    "feature",
    "graph",
    "image",
    "keypoint",
    "metadata",
    "occurrence",
    "query_log",
    "rejection",
    "rendition",
    "run",
    "space",
]

SCHEMA = "enfilade"

metadata = MetaData(
    schema=SCHEMA,
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    },
)

_now = func.now()
_empty = text("'{}'::jsonb")

image = Table(
    "image",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("sha256", LargeBinary, nullable=False, unique=True, comment="SHA-256 of the file's bytes"),
    Column("phash", BigInteger, nullable=False, comment="perceptual hash, 64 bits, as a signed integer"),
    Column("width", Integer, nullable=False, comment="pixels, of the upright original"),
    Column("height", Integer, nullable=False, comment="pixels, of the upright original"),
    Column("media_type", Text, nullable=False, comment="of the original, by its content"),
    Column("title", Text),
    Column("artist", Text),
    Column("year_from", Integer, comment="first year it may have been made in"),
    Column("year_to", Integer, comment="last year it may have been made in"),
    Column("style", Text),
    Column("genre", Text),
    Column("licence", Text),
    Column(
        "attributes",
        JSONB,
        nullable=False,
        server_default=_empty,
        comment="every other column of its manifest",
    ),
    Column("ingested_at", DateTime(timezone=True), nullable=False, server_default=_now),
    Column("hidden_at", DateTime(timezone=True), comment="when it was removed; null while it is shown"),
    CheckConstraint("octet_length(sha256) = 32", name="sha256_length"),
    CheckConstraint("width > 0 AND height > 0", name="size"),
    CheckConstraint("year_from <= year_to", name="years"),
    Index(None, "artist"),
    Index(None, "style"),
    Index(None, "genre"),
    Index(None, "year_from", "year_to"),
    Index(
        "image_attributes",
        "attributes",
        postgresql_using="gin",
        postgresql_ops={"attributes": "jsonb_path_ops"},
    ),
    comment="One row for each distinct picture.",
)

occurrence = Table(
    "occurrence",
    metadata,
    Column("source_uri", Text, primary_key=True, comment="where the file was found"),
    Column("image_id", BigInteger, ForeignKey(image.c.id, ondelete="CASCADE"), nullable=False),
    Column("source", Text, nullable=False, comment="the folder or manifest that was ingested"),
    Column("metadata", JSONB, nullable=False, comment="what that source said of it, as given"),
    Column("describes", Boolean, nullable=False, comment="whether the image's title, artist and so on come from here"),
    Column("seen_at", DateTime(timezone=True), nullable=False, server_default=_now),
    Index(None, "image_id"),
    Index(None, "source"),
    comment="Where each picture was found: a file met twice is one image with two occurrences.",
)

rendition = Table(
    "rendition",
    metadata,
    Column("image_id", BigInteger, ForeignKey(image.c.id, ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False, comment="thumbnail, preview or original"),
    Column("media_type", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("bytes", LargeBinary, nullable=False),
    PrimaryKeyConstraint("image_id", "kind"),
    CheckConstraint("kind IN ('thumbnail', 'preview', 'original')", name="kind"),
    comment="The files that are served: JPEGs without private metadata, and originals where kept.",
)

rejection = Table(
    "rejection",
    metadata,
    Column("source_uri", Text, primary_key=True),
    Column("source", Text, nullable=False, comment="the folder or manifest that was ingested"),
    Column("reason", Text, nullable=False, comment="a stable code, see docs/formats.md"),
    Column("detail", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=_now),
    comment="Every file that was not taken, and why.",
)

run = Table(
    "run",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("source", Text, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("finished_at", DateTime(timezone=True), comment="null while it runs, or if it was killed"),
    Column(
        "counts",
        JSONB,
        nullable=False,
        server_default=_empty,
        comment="rows = added + duplicates + unchanged + …",
    ),
    Column("rates", JSONB, nullable=False, server_default=_empty, comment="images_per_second, seconds"),
    comment="Each ingest.",
)

extractor = Table(
    "extractor",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("name", Text, nullable=False),
    Column("recipe", JSONB, nullable=False, comment="backbone, hash of the weights, preprocessing, precision"),
    Column("recipe_hash", Text, nullable=False, unique=True),
    Column("dimensions", Integer, nullable=False),
    CheckConstraint("dimensions > 0", name="dimensions"),
    comment="A way to turn a picture into a feature vector.",
)

feature = Table(
    "feature",
    metadata,
    Column("extractor_id", BigInteger, ForeignKey(extractor.c.id), nullable=False),
    Column("image_id", BigInteger, ForeignKey(image.c.id, ondelete="CASCADE"), nullable=False),
    Column("vector", HALFVEC, nullable=False, comment="as the network gave it, rounded to half precision"),
    PrimaryKeyConstraint("extractor_id", "image_id"),
    Index(None, "image_id"),
    comment="Raw features, kept so that spaces can be fitted again without the pictures.",
)

_STATUS = "status IN ('published', 'retired', 'dropped')"

space = Table(
    "space",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column(
        "extractor_ids",
        ARRAY(BigInteger),
        nullable=False,
        comment="extractors whose features it is made of, in the order of the recipe's parts",
    ),
    Column("recipe", JSONB, nullable=False, comment="all that is needed to place a picture in it again"),
    Column("recipe_hash", Text, nullable=False),
    Column("dimensions", Integer, nullable=False),
    Column("fitted_on", Integer, nullable=False, comment="how many images the projection was fitted on"),
    Column(
        "parameters",
        LargeBinary,
        nullable=False,
        comment="NumPy .npz: mean, components, scales of the projection; weights of a trained head",
    ),
    Column("status", Text, nullable=False),
    Column("evaluation", JSONB, nullable=False, server_default=_empty),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=_now),
    Column("retired_at", DateTime(timezone=True), comment="null while it is published"),
    UniqueConstraint("name", "version"),
    CheckConstraint(_STATUS, name="status"),
    CheckConstraint("dimensions > 0", name="dimensions"),
    comment="A versioned embedding: one meaning of likeness, and how to place a picture in it.",
)

embedding = Table(
    "embedding",
    metadata,
    Column("space_id", BigInteger, nullable=False),
    Column("image_id", BigInteger, nullable=False),
    Column("vector", VECTOR, nullable=False, comment="of unit length; enfilade.angle() of two is their distance"),
    PrimaryKeyConstraint("space_id", "image_id"),
    postgresql_partition_by="LIST (space_id)",
    comment="Each image's place in each space; one partition a space, with its own HNSW index.",
)

graph = Table(
    "graph",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("space_id", BigInteger, ForeignKey(space.c.id), nullable=False),
    Column("k", Integer, nullable=False, comment="nearest neighbours asked for"),
    Column("metric", Text, nullable=False, server_default="angle", comment="unit of edge.distance: radians"),
    Column("status", Text, nullable=False),
    Column("images", Integer, nullable=False),
    Column("edges", Integer, nullable=False),
    Column(
        "components_before",
        Integer,
        nullable=False,
        comment="connected components before bridges joined them",
    ),
    Column("recall", REAL, nullable=False, comment="share of true neighbours found; 1 for exact search"),
    Column("membership", LargeBinary, nullable=False, comment="SHA-256 over the hashes of its images, in order"),
    Column("statistics", JSONB, nullable=False, server_default=_empty),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=_now),
    Column("published_at", DateTime(timezone=True)),
    Column("retired_at", DateTime(timezone=True)),
    CheckConstraint(_STATUS, name="status"),
    CheckConstraint("metric = 'angle'", name="metric"),
    Index(None, "space_id"),
    comment="One build of a space's similarity graph; immutable once published.",
)

edge = Table(
    "edge",
    metadata,
    Column("graph_id", BigInteger, nullable=False),
    Column("source", BigInteger, nullable=False, comment="image id, the lesser of the two"),
    Column("target", BigInteger, nullable=False, comment="image id, the greater of the two"),
    Column("distance", REAL, nullable=False, comment="angle between the two embeddings, radians"),
    Column(
        "kind",
        Text,
        nullable=False,
        comment="knn: neighbours one way; mutual: both ways; bridge: joins components",
    ),
    Column(
        "source_rank",
        SmallInteger,
        comment="the target is the source's n-th neighbour; null beyond k",
    ),
    Column(
        "target_rank",
        SmallInteger,
        comment="the source is the target's n-th neighbour; null beyond k",
    ),
    PrimaryKeyConstraint("graph_id", "source", "target"),
    CheckConstraint("source < target", name="order"),
    CheckConstraint("kind IN ('knn', 'mutual', 'bridge')", name="kind"),
    CheckConstraint("distance >= 0", name="distance"),
    Index(None, "graph_id", "target"),
    postgresql_partition_by="LIST (graph_id)",
    comment="Undirected edges between similar images; one partition a graph.",
)

current = Table(
    "current",
    metadata,
    Column("space_name", Text, primary_key=True),
    Column("space_id", BigInteger, ForeignKey(space.c.id), nullable=False),
    Column("graph_id", BigInteger, ForeignKey(graph.c.id), comment="null until its first graph is published"),
    Column("is_default", Boolean, nullable=False, server_default=text("false")),
    Index("current_default", "is_default", unique=True, postgresql_where=text("is_default")),
    comment="What is published: the version and the graph of each space.",
)

keypoint = Table(
    "keypoint",
    metadata,
    Column("image_id", BigInteger, ForeignKey(image.c.id, ondelete="CASCADE"), primary_key=True),
    Column("method", SmallInteger, nullable=False, comment="how they were found; those of another are found anew"),
    Column("data", LargeBinary, nullable=False, comment="positions and codes, as enfilade.confidence writes them"),
    Column(
        "compared",
        SmallInteger,
        comment="the rule by which they were compared with those of like images; null where they were not yet",
    ),
    comment="Local features of each picture, by which a reproduction of it is told from a picture like it.",
)

calibration = Table(
    "calibration",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("space_id", BigInteger, ForeignKey(space.c.id, ondelete="CASCADE"), nullable=False),
    Column(
        "method", SmallInteger, nullable=False, comment="what the parameters mean; those of another are fitted anew"
    ),
    Column("members", Integer, nullable=False, comment="images that there were"),
    Column("parameters", JSONB, nullable=False, comment="a curve for each question: same_work, kind, alike by label"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=_now),
    Index(None, "space_id"),
    comment="How sure an answer is, fitted on the collection itself; the latest of a space counts.",
)

duplicate_pair = Table(
    "duplicate_pair",
    metadata,
    Column("source", BigInteger, ForeignKey(image.c.id, ondelete="CASCADE"), nullable=False, comment="the lesser id"),
    Column("target", BigInteger, ForeignKey(image.c.id, ondelete="CASCADE"), nullable=False, comment="the greater id"),
    Column("probability", REAL, comment="that both show one work; null where a person alone said so"),
    Column("decided", Boolean, comment="what a person said: one work or not; null where nobody did"),
    Column("found_at", DateTime(timezone=True), nullable=False, server_default=_now),
    PrimaryKeyConstraint("source", "target"),
    CheckConstraint("source < target", name="order"),
    Index(None, "target"),
    comment="Two images that show the same work, or that a person said do not.",
)

duplicate = Table(
    "duplicate",
    metadata,
    Column("image_id", BigInteger, ForeignKey(image.c.id, ondelete="CASCADE"), primary_key=True),
    Column("group_id", BigInteger, nullable=False, comment="the least image id of those that show the same work"),
    Index(None, "group_id"),
    comment="The images that do not stand alone for their work, by group.",
)

query_log = Table(
    "query_log",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, server_default=_now),
    Column("operation", Text, nullable=False, comment="search, path, …"),
    Column("space_id", BigInteger, comment="the space that answered"),
    Column("verdict", Text, comment="match, unsure or none; null where nothing was judged"),
    Column("confidence", REAL, comment="that this very work is in the collection"),
    Column("milliseconds", REAL, nullable=False),
    Index(None, "at"),
    comment="Where logging is turned on: what was answered and how fast. Neither pictures nor addresses.",
)
