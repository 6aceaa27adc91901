"""Which images were compared with those that may show the same work.

Revision: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column(
        "keypoint",
        sa.Column(
            "compared",
            sa.SmallInteger(),
            nullable=True,
            comment="the rule by which they were compared with those of like images; null where they were not yet",
        ),
        schema="enfilade",
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_column("keypoint", "compared", schema="enfilade")
