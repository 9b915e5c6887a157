"""Who did what, in a chain."""

import sqlalchemy as sa
from alembic import op

from matcher.store.upgrade import no_way_back

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("organisation_id", sa.String(32)),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("person_id", sa.String(32)),
        sa.Column("address", sa.Text),
        sa.Column("salt", sa.String(32)),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    op.create_index("ix_audit_organisation_id", "audit", ["organisation_id"])
    op.create_index("ix_audit_person_id", "audit", ["person_id"])


def downgrade() -> None:
    raise no_way_back(revision)
