"""The one policy: what a caller may do, and how much of a record a caller sees.  Pure functions;
every route, search, export and message asks here and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, assert_never

from matcher.access.people import Caller, Kind, Organisation, Role, Scope
from matcher.records import Level

Side = Literal["patents", "needs"]
Sight = Literal["nothing", "summary", "details", "everything"]
Relation = Literal["own", "park", "named", "foreign"]
Action = Literal[
    "open",  # health, signing in: anybody, whoever it is
    "browse",  # ask for records, of which each is shown as far as its sight goes
    "self",  # about one's own account
    "personal",  # all that is kept of oneself: read it, be erased
    "own_keys",  # keys that act for oneself
    "found",  # make an organisation
    "read_organisations",
    "read_members",
    "manage_members",
    "manage_keys",  # keys that act for the organisation
    "manage_hooks",  # webhooks of the organisation
    "watch",  # be told of new patents for a need
    "own_patents",  # the desk of a centre: its patents, and who asks for such
    "own_needs",  # the desk of a company or park: its needs
    "run_park",  # the desk of a park: its companies, batches and hand-outs
    "upload_patents",  # bring, change and withdraw: lists and single ones
    "upload_needs",
    "take_back",  # rows of one's organisation that were not taken, to be corrected
    "match",
    "export",  # a file of matches
    "follow_jobs",  # what became of the work that one's organisation asked for
    "stop_jobs",
    "maintain",  # index and ranker of the installation
    "push",  # bring a need and a patent together
    "follow",  # read what became of those
    "answer",  # take a step for one's side
    "give_feedback",  # say what one's organisation thinks of a match
    "read_statistics",
    "read_figures",  # what became of matches: of all, or of one's own
    "read_audit",  # who did what for one's organisation
]
RecordAction = Literal[
    "see",
    "read_details",
    "see_contact",
    "match_from",  # ask for what suits this record
    "edit",
    "withdraw",
    "set_level",  # choose the level, and the organisations that 授权可见 names
]
SIGHTS: tuple[Sight, ...] = ("nothing", "summary", "details", "everything")
WRITERS: frozenset[Role] = frozenset({"admin", "editor"})
MATCHING: frozenset[Kind] = frozenset({"centre", "park", "company", "agency"})
UPLOADING: Mapping[Kind, frozenset[Action]] = MappingProxyType({
    "centre": frozenset({"upload_patents"}),
    "park": frozenset({"upload_needs"}),
    "company": frozenset({"upload_needs"}),
    "bureau": frozenset(),
    "agency": frozenset(),
})  # fmt: skip
BY_KEY: Mapping[Action | RecordAction, Scope] = MappingProxyType({
    "browse": "read", "self": "read", "read_organisations": "read", "read_statistics": "read",
    "read_figures": "read",
    "see": "read", "read_details": "read", "see_contact": "read",
    "match": "match", "match_from": "match", "export": "match", "follow": "read",
    "follow_jobs": "read", "stop_jobs": "write",
    "push": "write", "answer": "write", "give_feedback": "write",
    "own_patents": "read", "own_needs": "read", "run_park": "read",
    "upload_patents": "write", "upload_needs": "write", "take_back": "write",
    "edit": "write", "withdraw": "write",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What of a record decides over it.  `named` are ids of organisations; `agreed` whether the
    caller and the owner both answered 愿意对接 to a match with it."""

    side: Side
    level: Level
    owner: Organisation | None = None
    named: frozenset[str] = frozenset()
    agreed: bool = False


def may(caller: Caller, action: Action, target: Organisation | None = None) -> bool:
    """Whether the caller may do this; `target` is the organisation it is done to."""
    if not _in_scope(caller, action):
        return False
    mine = target is not None and acting(caller) == target.id
    match action:
        case "open" | "browse":
            return True
        case "self" | "read_organisations":
            return caller.known
        case "personal":
            return caller.person is not None
        case "read_audit":
            return caller.operator or (caller.role == "admin" and _kind(caller) is not None)
        case "own_keys":
            return caller.person is not None and caller.role is not None
        case "found":
            return caller.operator
        case "read_members":
            return caller.operator or mine
        case "manage_members":
            return caller.operator or (mine and caller.role == "admin")
        case "manage_keys" | "manage_hooks":
            return mine and caller.role == "admin"
        case "upload_patents" | "upload_needs":
            kind = _kind(caller)
            return kind is not None and caller.role in WRITERS and action in UPLOADING[kind]
        case "own_patents":
            return _kind(caller) == "centre"
        case "own_needs":
            return _kind(caller) in ("company", "park")
        case "run_park":
            return _kind(caller) == "park"
        case "take_back":
            kind = _kind(caller)
            return kind is not None and caller.role in WRITERS and bool(UPLOADING[kind])
        case "match" | "follow" | "export":
            return _kind(caller) in MATCHING
        case "watch":
            return caller.person is not None and _kind(caller) in MATCHING
        case "push" | "answer" | "give_feedback":
            return _kind(caller) in MATCHING and caller.role in WRITERS
        case "follow_jobs":
            return caller.operator or _kind(caller) in MATCHING
        case "stop_jobs":
            return caller.operator or (_kind(caller) in MATCHING and caller.role in WRITERS)
        case "maintain":
            return caller.operator
        case "read_statistics":
            return _kind(caller) == "bureau"
        case "read_figures":
            return _kind(caller) is not None
        case _:
            assert_never(action)


def may_with(caller: Caller, action: RecordAction, record: Held) -> bool:
    """Whether the caller may do this with a record."""
    if not _in_scope(caller, action):
        return False
    depth = SIGHTS.index(sight(caller, record))
    near = relation(caller, record)
    writes = near in ("own", "park") and depth == 3 and caller.role in WRITERS
    match action:
        case "see":
            return depth >= 1
        case "read_details":
            return depth >= 2
        case "see_contact":
            return depth >= 3
        case "match_from":
            return depth >= 2 and may(caller, "match")
        case "edit" | "withdraw":
            return writes
        case "set_level":
            return writes and near == "own" and caller.role == "admin"
        case _:
            assert_never(action)


def may_push(caller: Caller, need: Held, patent: Held) -> bool:
    """Whether the caller may bring these two together: with a record of its own side, or, as an
    agency, with any two whose details it reads."""
    if not may(caller, "push"):
        return False
    seen = [SIGHTS.index(sight(caller, held)) for held in (need, patent)]
    own = [relation(caller, held) in ("own", "park") for held in (need, patent)]
    return (any(own) and min(seen) >= 1) or (_kind(caller) == "agency" and min(seen) >= 2)


def sees(owner: Organisation, record: Held) -> bool:
    """Whether an organisation may see anything of a record."""
    return sight(Caller(organisation=owner, role="reader"), record) != "nothing"


def sides_of(caller: Caller, need_owner: Organisation, patent_owner: Organisation) -> list[Side]:
    """For which sides of a match the caller speaks; a park for its companies."""
    mine = acting(caller)
    if mine is None:
        return []
    found: list[Side] = ["needs"] if mine in (need_owner.id, need_owner.park_id) else []
    return [*found, "patents"] if mine == patent_owner.id else found


def sight(caller: Caller, record: Held) -> Sight:
    """How much of a record the caller sees."""
    near = relation(caller, record)
    if record.level == "不入库":
        return "nothing"
    if near in ("own", "park") or (record.agreed and acting(caller) is not None):
        return "everything"
    match record.level:
        case "公开":
            return "details"
        case "脱敏":
            return "summary"
        case "授权可见":
            return "details" if near == "named" else "nothing"
        case _:
            assert_never(record.level)


def relation(caller: Caller, record: Held) -> Relation:
    """How near a record is to the caller's organisation.  A park holds the needs of its
    companies, not their patents."""
    mine, owner = acting(caller), record.owner
    if mine is None:
        return "foreign"
    if owner is not None and owner.id == mine:
        return "own"
    if owner is not None and record.side == "needs" and owner.park_id == mine:
        return "park"
    return "named" if mine in record.named else "foreign"


def level_of(said: Level, owner: Organisation | None, *, stated: bool) -> Level:
    """The level that holds: 公开 that a state-owned owner did not state itself is 脱敏."""
    kept_back = owner is not None and owner.state_owned and not stated
    return "脱敏" if said == "公开" and kept_back else said


def acting(caller: Caller) -> str | None:
    """The organisation that the caller acts for."""
    if caller.organisation is None or caller.role is None:
        return None
    return caller.organisation.id


def _kind(caller: Caller) -> Kind | None:
    return caller.organisation.kind if caller.organisation and caller.role else None


def _in_scope(caller: Caller, action: Action | RecordAction) -> bool:
    """A key does only what its scopes name, and never what belongs to people."""
    if caller.scopes is None or action == "open":
        return True
    return BY_KEY.get(action) in caller.scopes
