"""Offers: until when a named answer is kept, whom the person was asked about; and erasures, to replay them."""

import sqlalchemy as sa
from alembic import op

from storage.columns import UtcDateTime

revision = "0007"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answer", sa.Column("ends_on", sa.Date(), nullable=True))
    op.create_index("ix_answer_ends_on", "answer", ["ends_on"])
    asked = sa.Column("asked_reader_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True)
    op.add_column("answer", asked, inline_references=True)  # SQLite adds a reference only together with its column
    op.add_column("answer", sa.Column("consent_refused", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("answer", sa.Column("shown_from", sa.Date(), nullable=True))
    op.create_table(
        "erasure",
        sa.Column("number_hash", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number_hash"),
        sqlite_with_rowid=False,
    )
