"""Which records were written, in order."""

import sqlalchemy as sa
from alembic import op

from matcher.store.upgrade import no_way_back

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "changes",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("side", sa.String(8), nullable=False),
        sa.Column("record_id", sa.Text),
    )


def downgrade() -> None:
    raise no_way_back(revision)
