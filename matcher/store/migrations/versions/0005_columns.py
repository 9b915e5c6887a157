"""What was said of columns is remembered apart for each organisation, under a longer name."""

import sqlalchemy as sa
from alembic import op

from matcher.store.upgrade import no_way_back

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with op.batch_alter_table("column_maps") as table:
        table.alter_column("fingerprint", existing_type=sa.String(64), type_=sa.Text)


def downgrade() -> None:
    raise no_way_back(revision)
