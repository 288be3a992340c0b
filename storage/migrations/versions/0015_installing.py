"""Installing: the app in several workspaces of a chat, and lanes that stop where it was taken out."""

import sqlalchemy as sa
from alembic import op

from storage.columns import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("enterprise", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("is_whole_enterprise", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("installed_at", UtcDateTime(), nullable=False),
        sa.Column("gone_at", UtcDateTime(), nullable=True),
        sa.Column("gone_because", sa.String(), nullable=True),
        sa.Column("times_gone", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel", "enterprise", "workspace", "is_whole_enterprise"),
    )
    op.add_column("lane", sa.Column("stopped_at", UtcDateTime(), nullable=True))
    op.add_column("lane", sa.Column("stopped_because", sa.String(), nullable=True))
