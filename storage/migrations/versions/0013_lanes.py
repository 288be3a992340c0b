"""Lanes: each delivery leaves by one, and one replica at a time drains it."""

import sqlalchemy as sa
from alembic import op

from storage.columns import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("address", sa.Column("workspace", sa.String(), nullable=False, server_default=""))
    op.add_column("delivery", sa.Column("lane", sa.String(), nullable=False, server_default=""))
    op.add_column("delivery", sa.Column("priority", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("delivery", sa.Column("reference", sa.String(), nullable=True))
    op.execute("UPDATE delivery SET lane = channel")
    op.create_index("ix_delivery_claim", "delivery", ["state", "lane", "priority", "not_before", "id"], unique=False)
    op.create_table(
        "lane",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=True),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.Column("paused_until", UtcDateTime(), nullable=True),
        sa.Column("down_since", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
