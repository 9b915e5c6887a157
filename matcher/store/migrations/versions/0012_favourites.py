"""Records that people keep as favourites, and messages to organisations and their people."""

import sqlalchemy as sa
from alembic import op

from matcher.store.upgrade import no_way_back

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    person, organisation = sa.ForeignKey("people.id"), sa.ForeignKey("organisations.id")
    op.create_table(
        "favourites",
        sa.Column("person_id", sa.String(32), person, primary_key=True),
        sa.Column("organisation_id", sa.String(32), organisation, primary_key=True),
        sa.Column("side", sa.String(8), primary_key=True),
        sa.Column("record_id", sa.Text, primary_key=True),
        sa.Column("made_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_favourites_organisation_id", "favourites", ["organisation_id"])
    op.create_index("ix_favourites_side_record_id", "favourites", ["side", "record_id"])
    op.create_table(
        "messages",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column(
            "organisation_id", sa.String(32), sa.ForeignKey("organisations.id"), nullable=False
        ),
        sa.Column("person_id", sa.String(32), sa.ForeignKey("people.id")),
        sa.Column("event", sa.String(16), nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_messages_organisation_id_id", "messages", ["organisation_id", "id"])
    op.create_index(
        "ix_messages_organisation_id_made_at", "messages", ["organisation_id", "made_at"]
    )
    op.create_index("ix_messages_person_id", "messages", ["person_id"])
    op.create_table(
        "messages_read",
        sa.Column("person_id", sa.String(32), sa.ForeignKey("people.id"), primary_key=True),
        sa.Column(
            "organisation_id", sa.String(32), sa.ForeignKey("organisations.id"), primary_key=True
        ),
        sa.Column("until", sa.String(32), nullable=False),
    )
    op.create_index("ix_messages_read_organisation_id", "messages_read", ["organisation_id"])


def downgrade() -> None:
    raise no_way_back(revision)
