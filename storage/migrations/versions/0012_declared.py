"""Whom sealed polls were about, so that later ones can be compared with them; drafts that ask for a number go."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "declared",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("bucket", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "person_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_declared_person_id", "declared", ["person_id"], unique=False)
    # What somebody wrote has its quotes escaped, so this finds the choice and nothing else.
    op.execute("""DELETE FROM poll WHERE state = 'draft' AND CAST(document AS TEXT) LIKE '%"answer": "number"%'""")
