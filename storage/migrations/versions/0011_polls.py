"""Polls of groups: composed, looked at, sent."""

import sqlalchemy as sa
from alembic import op

from storage.columns import UtcDateTime, document

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "poll",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("composed_by", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("document", document().type, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["composed_by"], ["person.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_poll_group_id", "poll", ["group_id"], unique=False)
    op.create_index("ix_poll_composed_by", "poll", ["composed_by"], unique=False)
    op.create_index("ix_poll_run_id", "poll", ["run_id"], unique=False)
