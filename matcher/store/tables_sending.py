"""The tables of what is sent: letters for new passwords, webhooks, and what is told of watched
needs; and which records were written, in order.  `tables.py` names them all."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from matcher.store.schema import metadata

resets = Table(
    "resets",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("person_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index("ix_resets_person_id", "person_id"),
)

hooks = Table(
    "hooks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("organisation_id", String(32), ForeignKey("organisations.id"), nullable=False),
    Column("url", Text, nullable=False),
    Column("events", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Index("ix_hooks_organisation_id", "organisation_id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("person_id", String(32), ForeignKey("people.id")),
    Column("hook_id", String(32), ForeignKey("hooks.id")),
    Column("body", Text, nullable=False),
    Column("state", String(8), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("error", Text, nullable=False),
    Index("ix_outbox_state_next_at", "state", "next_at"),
    Index("ix_outbox_hook_id", "hook_id"),
    Index("ix_outbox_person_id", "person_id"),
)

watches = Table(
    "watches",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("person_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("organisation_id", String(32), ForeignKey("organisations.id"), nullable=False),
    Column("need_id", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Index("ix_watches_person_id", "person_id"),
    Index("ix_watches_organisation_id", "organisation_id"),
)

news_told = Table(
    "news_told",
    metadata,
    Column("watch_id", String(32), ForeignKey("watches.id"), primary_key=True),
    Column("patent_id", Text, primary_key=True),
)

changes = Table(
    "changes",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("side", String(8), nullable=False),
    Column("record_id", Text),
)
