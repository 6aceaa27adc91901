"""A log of queries, where it is turned on.

Revision: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "query_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False, comment="search, path, …"),
        sa.Column("space_id", sa.BigInteger(), nullable=True, comment="the space that answered"),
        sa.Column("verdict", sa.Text(), nullable=True, comment="match, unsure or none; null where nothing was judged"),
        sa.Column("confidence", sa.REAL(), nullable=True, comment="that this very work is in the collection"),
        sa.Column("milliseconds", sa.REAL(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("query_log_pkey")),
        schema="enfilade",
        comment="Where logging is turned on: what was answered and how fast. Neither pictures nor addresses.",
    )
    op.create_index(op.f("query_log_at"), "query_log", ["at"], unique=False, schema="enfilade")


def downgrade() -> None:
    """Drop them."""
    op.drop_table("query_log", schema="enfilade")
