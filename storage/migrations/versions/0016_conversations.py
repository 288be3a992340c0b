"""Conversations: where a chat reaches a person, as the chat told last."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("address", sa.Column("conversation", sa.String(), nullable=True))
    op.add_column("address", sa.Column("service_url", sa.String(), nullable=True))
