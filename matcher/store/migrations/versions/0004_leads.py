"""Matches that were pushed, and every step that was taken since."""

import sqlalchemy as sa
from alembic import op

from matcher.store.upgrade import no_way_back

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "leads",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("need_id", sa.Text, nullable=False),
        sa.Column("patent_id", sa.Text, nullable=False),
        sa.Column("need_owner", sa.String(32), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("patent_owner", sa.String(32), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("need_answer", sa.String(8), nullable=False),
        sa.Column("patent_answer", sa.String(8), nullable=False),
        sa.Column("joint", sa.String(16)),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("agreed", sa.Boolean, nullable=False),
        sa.Column("pushed_by", sa.String(32), sa.ForeignKey("organisations.id"), nullable=False),
    )
    for column in ("need_id", "patent_id", "need_owner", "patent_owner"):
        op.create_index(f"ix_leads_{column}", "leads", [column])
    op.create_table(
        "lead_steps",
        sa.Column("lead_id", sa.String(32), sa.ForeignKey("leads.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("side", sa.String(8)),
        sa.Column(
            "organisation_id", sa.String(32), sa.ForeignKey("organisations.id"), nullable=False
        ),
        sa.Column("person_id", sa.String(32)),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("refusal_code", sa.String(16)),
        sa.Column("note", sa.Text, nullable=False),
    )


def downgrade() -> None:
    raise no_way_back(revision)
