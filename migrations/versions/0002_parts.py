"""A space is made of parts, of one extractor's features or several'; and when a version was retired is known.

Revision: 0002
"""

import json
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

space = sa.table(
    "space",
    sa.column("id", sa.BigInteger),
    sa.column("recipe", JSONB),
    sa.column("recipe_hash", sa.Text),
    schema="enfilade",
)


def upgrade() -> None:
    """Give each space the one part that it had."""
    op.add_column(
        "space",
        sa.Column(
            "extractor_ids",
            ARRAY(sa.BigInteger()),
            nullable=True,
            comment="extractors whose features it is made of, in the order of the recipe's parts",
        ),
        schema="enfilade",
    )
    op.execute("UPDATE enfilade.space SET extractor_ids = ARRAY[extractor_id]")
    op.alter_column("space", "extractor_ids", nullable=False, schema="enfilade")
    op.drop_column("space", "extractor_id", schema="enfilade")
    retired_at = sa.Column(
        "retired_at", sa.DateTime(timezone=True), nullable=True, comment="null while it is published"
    )
    op.add_column("space", retired_at, schema="enfilade")
    op.execute("UPDATE enfilade.space SET retired_at = now() WHERE status <> 'published'")
    op.alter_column(
        "space",
        "parameters",
        comment="NumPy .npz: mean, components, scales of the projection; weights of a trained head",
        existing_comment="NumPy .npz: mean, components, scales of the projection",
        schema="enfilade",
    )
    for row in op.get_bind().execute(sa.select(space.c.id, space.c.recipe)):
        _rewrite(row.id, _with_parts(row.recipe))


def downgrade() -> None:
    """Give each space its one extractor back; a space of several parts can't go back, and says so."""
    several = op.get_bind().scalar(sa.text("SELECT count(*) FROM enfilade.space WHERE cardinality(extractor_ids) > 1"))
    if several:
        raise RuntimeError(f"{several} spaces have features of several kinds, which the tables before had no room for")
    for row in op.get_bind().execute(sa.select(space.c.id, space.c.recipe)):
        _rewrite(row.id, _without_parts(row.recipe))
    op.add_column("space", sa.Column("extractor_id", sa.BigInteger(), nullable=True), schema="enfilade")
    op.execute("UPDATE enfilade.space SET extractor_id = extractor_ids[1]")
    op.alter_column("space", "extractor_id", nullable=False, schema="enfilade")
    op.create_foreign_key(
        "space_extractor_id_fkey",
        "space",
        "extractor",
        ["extractor_id"],
        ["id"],
        source_schema="enfilade",
        referent_schema="enfilade",
    )
    op.drop_column("space", "extractor_ids", schema="enfilade")
    op.drop_column("space", "retired_at", schema="enfilade")
    op.alter_column(
        "space",
        "parameters",
        comment="NumPy .npz: mean, components, scales of the projection",
        schema="enfilade",
    )


def _with_parts(recipe: dict[str, Any]) -> dict[str, Any]:
    return {
        "parts": [{"extractor": recipe["extractor"], "weight": 1.0, "unit": False}],
        "projection": recipe["projection"],
    }


def _without_parts(recipe: dict[str, Any]) -> dict[str, Any]:
    return {"extractor": recipe["parts"][0]["extractor"], "projection": recipe["projection"]}


def _rewrite(space_id: int, recipe: dict[str, Any]) -> None:
    canonical = json.dumps(recipe, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    values = {"recipe": recipe, "recipe_hash": sha256(canonical.encode()).hexdigest()}
    op.get_bind().execute(sa.update(space).where(space.c.id == space_id).values(values))
