"""Answers to matches: one row a need, patent and person."""

import sqlalchemy as sa
from alembic import op

from matcher.store.upgrade import no_way_back

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("need_id", sa.Text, primary_key=True),
        sa.Column("patent_id", sa.Text, primary_key=True),
        sa.Column("by", sa.Text, primary_key=True),
        sa.Column("at", sa.Date),
        sa.Column("grade", sa.Integer),
        sa.Column("reply", sa.String(8)),
        sa.Column("refusal_code", sa.String(16)),
        sa.Column("prospect", sa.Text, nullable=False),
        sa.Column("improvement", sa.Text, nullable=False),
        sa.Column("willingness", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("more", sa.Text, nullable=False),
        sa.Column("digest", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_feedback_patent_id", "feedback", ["patent_id"])


def downgrade() -> None:
    raise no_way_back(revision)
