"""What tells a reproduction of a picture, and how sure an answer is.

Revision: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "keypoint",
        sa.Column("image_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "method", sa.SmallInteger(), nullable=False, comment="how they were found; those of another are found anew"
        ),
        sa.Column(
            "data", sa.LargeBinary(), nullable=False, comment="positions and codes, as enfilade.confidence writes them"
        ),
        sa.ForeignKeyConstraint(
            ["image_id"], ["enfilade.image.id"], name=op.f("keypoint_image_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("image_id", name=op.f("keypoint_pkey")),
        schema="enfilade",
        comment="Local features of each picture, by which a reproduction of it is told from a picture like it.",
    )
    op.create_table(
        "calibration",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("space_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "method",
            sa.SmallInteger(),
            nullable=False,
            comment="what the parameters mean; those of another are fitted anew",
        ),
        sa.Column("members", sa.Integer(), nullable=False, comment="images that there were"),
        sa.Column(
            "parameters",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="a curve for each question: same_work, kind, alike by label",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["space_id"], ["enfilade.space.id"], name=op.f("calibration_space_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("calibration_pkey")),
        schema="enfilade",
        comment="How sure an answer is, fitted on the collection itself; the latest of a space counts.",
    )
    op.create_index(op.f("calibration_space_id"), "calibration", ["space_id"], unique=False, schema="enfilade")


def downgrade() -> None:
    """Drop them."""
    op.drop_table("calibration", schema="enfilade")
    op.drop_table("keypoint", schema="enfilade")
