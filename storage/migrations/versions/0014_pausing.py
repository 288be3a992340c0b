"""Pausing: while a run is paused, nothing about it leaves."""

import sqlalchemy as sa
from alembic import op

from storage.columns import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run", sa.Column("paused_at", UtcDateTime(), nullable=True))
