"""Which images show the same work.

Revision: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "duplicate_pair",
        sa.Column("source", sa.BigInteger(), nullable=False, comment="the lesser id"),
        sa.Column("target", sa.BigInteger(), nullable=False, comment="the greater id"),
        sa.Column(
            "probability",
            sa.REAL(),
            nullable=True,
            comment="that both show one work; null where a person alone said so",
        ),
        sa.Column(
            "decided", sa.Boolean(), nullable=True, comment="what a person said: one work or not; null where nobody did"
        ),
        sa.Column("found_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("source < target", name=op.f("duplicate_pair_order")),
        sa.ForeignKeyConstraint(
            ["source"], ["enfilade.image.id"], name=op.f("duplicate_pair_source_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["target"], ["enfilade.image.id"], name=op.f("duplicate_pair_target_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("source", "target", name=op.f("duplicate_pair_pkey")),
        schema="enfilade",
        comment="Two images that show the same work, or that a person said do not.",
    )
    op.create_index(op.f("duplicate_pair_target"), "duplicate_pair", ["target"], unique=False, schema="enfilade")
    op.create_table(
        "duplicate",
        sa.Column("image_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "group_id", sa.BigInteger(), nullable=False, comment="the least image id of those that show the same work"
        ),
        sa.ForeignKeyConstraint(
            ["image_id"], ["enfilade.image.id"], name=op.f("duplicate_image_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("image_id", name=op.f("duplicate_pkey")),
        schema="enfilade",
        comment="The images that do not stand alone for their work, by group.",
    )
    op.create_index(op.f("duplicate_group_id"), "duplicate", ["group_id"], unique=False, schema="enfilade")


def downgrade() -> None:
    """Drop them."""
    op.drop_table("duplicate", schema="enfilade")
    op.drop_table("duplicate_pair", schema="enfilade")
