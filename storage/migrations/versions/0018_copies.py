"""Copies: whether what somebody has said was sent where a chat platform keeps a copy of it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("answer", "theme_author"):
        op.add_column(table, sa.Column("has_copy", sa.Boolean(), nullable=False, server_default=sa.false()))
