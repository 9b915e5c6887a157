"""The tables of what belongs to a person at an organisation's desk: drafts, favourites, and which
messages were read; and the messages themselves.  `tables.py` names them all."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, Text

from matcher.store.schema import metadata

drafts = Table(
    "drafts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("person_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("organisation_id", String(32), ForeignKey("organisations.id"), nullable=False),
    Column("content", Text, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Index("ix_drafts_person_id", "person_id"),
    Index("ix_drafts_organisation_id", "organisation_id"),
)

favourites = Table(
    "favourites",
    metadata,
    Column("person_id", String(32), ForeignKey("people.id"), primary_key=True),
    Column("organisation_id", String(32), ForeignKey("organisations.id"), primary_key=True),
    Column("side", String(8), primary_key=True),
    Column("record_id", Text, primary_key=True),
    Column("made_at", BigInteger, nullable=False),
    Index("ix_favourites_organisation_id", "organisation_id"),
    Index("ix_favourites_side_record_id", "side", "record_id"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("organisation_id", String(32), ForeignKey("organisations.id"), nullable=False),
    Column("person_id", String(32), ForeignKey("people.id")),
    Column("event", String(16), nullable=False),
    Column("data", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Index("ix_messages_organisation_id_id", "organisation_id", "id"),
    Index("ix_messages_organisation_id_made_at", "organisation_id", "made_at"),
    Index("ix_messages_person_id", "person_id"),
)

messages_read = Table(
    "messages_read",
    metadata,
    Column("person_id", String(32), ForeignKey("people.id"), primary_key=True),
    Column("organisation_id", String(32), ForeignKey("organisations.id"), primary_key=True),
    Column("until", String(32), nullable=False),
    Index("ix_messages_read_organisation_id", "organisation_id"),
)
