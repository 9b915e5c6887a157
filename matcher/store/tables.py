"""The tables.  Scalars are columns that SQL can count and filter; lists and nested nouns are one
JSON document in `more`.  Times are seconds since 1970, UTC.  A change here needs a migration; a
test holds the two equal."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from matcher.store.schema import HEAD as HEAD
from matcher.store.schema import metadata as metadata
from matcher.store.tables_personal import drafts as drafts
from matcher.store.tables_personal import favourites as favourites
from matcher.store.tables_personal import messages as messages
from matcher.store.tables_personal import messages_read as messages_read
from matcher.store.tables_sending import changes as changes
from matcher.store.tables_sending import hooks as hooks
from matcher.store.tables_sending import news_told as news_told
from matcher.store.tables_sending import outbox as outbox
from matcher.store.tables_sending import resets as resets
from matcher.store.tables_sending import watches as watches

patents = Table(
    "patents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("abstract", Text, nullable=False),
    Column("first_claim", Text, nullable=False),
    Column("kind", String(8)),
    Column("application_number", Text),
    Column("application_date", Date),
    Column("publication_date", Date),
    Column("grant_date", Date),
    Column("expiry_date", Date),
    Column("college", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("region", String(6)),
    Column("park", Text),
    Column("credit_code", Text),
    Column("legal_status", String(8), nullable=False),
    Column("legal_status_raw", Text, nullable=False),
    Column("pledges", Integer, nullable=False),
    Column("transfers", Integer, nullable=False),
    Column("licences", Integer, nullable=False),
    Column("level", String(8), nullable=False),
    Column("source", Text, nullable=False),
    Column("party", Text, nullable=False),
    Column("more", Text, nullable=False),
    Column("digest", BigInteger, nullable=False),
    Index("ix_patents_party", "party"),
    Index("ix_patents_level", "level"),
)

patent_keys = Table(
    "patent_keys",
    metadata,
    Column("key", Text, primary_key=True),
    Column("patent_id", Text, nullable=False),
    sqlite_with_rowid=False,
)

needs = Table(
    "needs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("main_problem", Text, nullable=False),
    Column("key_technology", Text, nullable=False),
    Column("expected_goal", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("deadline", Date),
    Column("deadline_text", Text, nullable=False),
    Column("budget_min", Float),
    Column("budget_max", Float),
    Column("budget_text", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("company", Text, nullable=False),
    Column("credit_code", Text),
    Column("park", Text),
    Column("region", String(6)),
    Column("address", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("level", String(8), nullable=False),
    Column("source", Text, nullable=False),
    Column("more", Text, nullable=False),
    Column("digest", BigInteger, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("need_id", Text, primary_key=True),
    Column("patent_id", Text, primary_key=True),
    Column("by", Text, primary_key=True),
    Column("at", Date),
    Column("grade", Integer),
    Column("reply", String(8)),
    Column("refusal_code", String(16)),
    Column("prospect", Text, nullable=False),
    Column("improvement", Text, nullable=False),
    Column("willingness", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("more", Text, nullable=False),
    Column("digest", BigInteger, nullable=False),
    Index("ix_feedback_patent_id", "patent_id"),
)

column_maps = Table(
    "column_maps",
    metadata,
    Column("fingerprint", Text, primary_key=True),
    Column("mapping", Text, nullable=False),
)

facts = Table(
    "facts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

organisations = Table(
    "organisations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("name", Text, nullable=False, unique=True),
    Column("park_id", String(32), ForeignKey("organisations.id")),
    Column("state_owned", Boolean, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("email", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("operator", Boolean, nullable=False),
)

memberships = Table(
    "memberships",
    metadata,
    Column("person_id", String(32), ForeignKey("people.id"), primary_key=True),
    Column("organisation_id", String(32), ForeignKey("organisations.id"), primary_key=True),
    Column("role", String(8), nullable=False),
    Index("ix_memberships_organisation_id", "organisation_id"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("person_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("organisation_id", String(32), ForeignKey("organisations.id")),
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index("ix_sessions_person_id", "person_id"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("organisation_id", String(32), ForeignKey("organisations.id"), nullable=False),
    Column("person_id", String(32), ForeignKey("people.id")),
    Column("name", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Index("ix_api_keys_organisation_id", "organisation_id"),
)

invitations = Table(
    "invitations",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("organisation_id", String(32), ForeignKey("organisations.id"), nullable=False),
    Column("email", Text, nullable=False),
    Column("role", String(8), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)

attempts = Table(
    "attempts",
    metadata,
    Column("subject", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", BigInteger, nullable=False),
)

owners = Table(
    "owners",
    metadata,
    Column("side", String(8), primary_key=True),
    Column("record_id", Text, primary_key=True),
    Column("organisation_id", String(32), ForeignKey("organisations.id"), nullable=False),
    Column("level_stated", Boolean, nullable=False),
    Index("ix_owners_organisation_id", "organisation_id"),
)

named = Table(
    "named",
    metadata,
    Column("side", String(8), primary_key=True),
    Column("record_id", Text, primary_key=True),
    Column("organisation_id", String(32), ForeignKey("organisations.id"), primary_key=True),
)

leads = Table(
    "leads",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("need_id", Text, nullable=False),
    Column("patent_id", Text, nullable=False),
    Column("need_owner", String(32), ForeignKey("organisations.id"), nullable=False),
    Column("patent_owner", String(32), ForeignKey("organisations.id"), nullable=False),
    Column("need_answer", String(8), nullable=False),
    Column("patent_answer", String(8), nullable=False),
    Column("joint", String(16)),
    Column("stage", String(16), nullable=False),
    Column("agreed", Boolean, nullable=False),
    Column("pushed_by", String(32), ForeignKey("organisations.id"), nullable=False),
    Index("ix_leads_need_id", "need_id"),
    Index("ix_leads_patent_id", "patent_id"),
    Index("ix_leads_need_owner", "need_owner"),
    Index("ix_leads_patent_owner", "patent_owner"),
)

lead_steps = Table(
    "lead_steps",
    metadata,
    Column("lead_id", String(32), ForeignKey("leads.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("stage", String(16), nullable=False),
    Column("side", String(8)),
    Column("organisation_id", String(32), ForeignKey("organisations.id"), nullable=False),
    Column("person_id", String(32)),
    Column("at", BigInteger, nullable=False),
    Column("refusal_code", String(16)),
    Column("note", Text, nullable=False),
)

once = Table(
    "once",
    metadata,
    Column("scope", String(64), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer),
    Column("version", Text),
    Column("body", Text),
    Column("made_at", BigInteger, nullable=False),
    Index("ix_once_made_at", "made_at"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("state", String(16), nullable=False),
    Column("organisation_id", String(32), ForeignKey("organisations.id")),
    Column("person_id", String(32)),
    Column("asked", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("result", Text),
    Column("error", String(64), nullable=False),
    Column("message", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("started_at", BigInteger),
    Column("ended_at", BigInteger),
    Column("beat_at", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("worker", String(32)),
    Index("ix_jobs_organisation_id", "organisation_id"),
    Index("ix_jobs_state", "state"),
)

audit = Table(
    "audit",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("action", String(64), nullable=False),
    Column("organisation_id", String(32)),
    Column("record", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("person_id", String(32)),
    Column("address", Text),
    Column("salt", String(32)),
    Column("who", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Index("ix_audit_organisation_id", "organisation_id"),
    Index("ix_audit_person_id", "person_id"),
)
