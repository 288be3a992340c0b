"""Which language and time zone people have in a chat, for those of whom no directory tells any."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("address", sa.Column("language", sa.String(), nullable=True))
    op.add_column("address", sa.Column("zone", sa.String(), nullable=True))
