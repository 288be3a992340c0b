"""How to reach a person by SMS, and by which channel first."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("mobile", sa.String(), nullable=True))
    op.add_column("person", sa.Column("preferred", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "preferred")
    op.drop_column("person", "mobile")
