"""The first schema: patents, their identity keys, needs, remembered columns, facts."""

import sqlalchemy as sa
from alembic import op

from matcher.store.upgrade import no_way_back

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "patents",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("abstract", sa.Text, nullable=False),
        sa.Column("first_claim", sa.Text, nullable=False),
        sa.Column("kind", sa.String(8)),
        sa.Column("application_number", sa.Text),
        sa.Column("application_date", sa.Date),
        sa.Column("publication_date", sa.Date),
        sa.Column("grant_date", sa.Date),
        sa.Column("expiry_date", sa.Date),
        sa.Column("college", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("region", sa.String(6)),
        sa.Column("park", sa.Text),
        sa.Column("credit_code", sa.Text),
        sa.Column("legal_status", sa.String(8), nullable=False),
        sa.Column("legal_status_raw", sa.Text, nullable=False),
        sa.Column("pledges", sa.Integer, nullable=False),
        sa.Column("transfers", sa.Integer, nullable=False),
        sa.Column("licences", sa.Integer, nullable=False),
        sa.Column("level", sa.String(8), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("party", sa.Text, nullable=False),
        sa.Column("more", sa.Text, nullable=False),
        sa.Column("digest", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_patents_party", "patents", ["party"])
    op.create_table(
        "patent_keys",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("patent_id", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "needs",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("main_problem", sa.Text, nullable=False),
        sa.Column("key_technology", sa.Text, nullable=False),
        sa.Column("expected_goal", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("deadline", sa.Date),
        sa.Column("deadline_text", sa.Text, nullable=False),
        sa.Column("budget_min", sa.Float),
        sa.Column("budget_max", sa.Float),
        sa.Column("budget_text", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("company", sa.Text, nullable=False),
        sa.Column("credit_code", sa.Text),
        sa.Column("park", sa.Text),
        sa.Column("region", sa.String(6)),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("level", sa.String(8), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("more", sa.Text, nullable=False),
        sa.Column("digest", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "column_maps",
        sa.Column("fingerprint", sa.String(64), primary_key=True),
        sa.Column("mapping", sa.Text, nullable=False),
    )
    op.create_table(
        "facts",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def downgrade() -> None:
    raise no_way_back(revision)
