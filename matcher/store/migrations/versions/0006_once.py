"""Answers to writes that are to happen once."""

import sqlalchemy as sa
from alembic import op

from matcher.store.upgrade import no_way_back

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "once",
        sa.Column("scope", sa.String(64), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("version", sa.Text),
        sa.Column("body", sa.Text),
        sa.Column("made_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_once_made_at", "once", ["made_at"])


def downgrade() -> None:
    raise no_way_back(revision)
