"""The policy against tables written by hand: every action, role, kind of organisation, level and
nearness.  A letter says who may: a admin, e editor, r reader, o operator, n anybody; - nobody."""

from itertools import product
from typing import get_args

import pytest

from matcher.access import policy
from matcher.access.people import ANYBODY, KINDS, Caller, Kind, Organisation, Person, Role, Scope
from matcher.access.policy import (
    Action,
    Held,
    RecordAction,
    Relation,
    Side,
    Sight,
    level_of,
    may,
    may_with,
    relation,
    sight,
)  # fmt: skip
from matcher.records import Level

ROLES: dict[str, Role] = {"a": "admin", "e": "editor", "r": "reader"}
LEVELS: tuple[Level, ...] = get_args(Level)
SIDES: tuple[Side, ...] = get_args(Side)

SERVICE = """
action              centre  park  company  bureau  agency  no-organisation
open                aer     aer   aer      aer     aer     on
browse              aer     aer   aer      aer     aer     on
self                aer     aer   aer      aer     aer     o
own_keys            aer     aer   aer      aer     aer     -
personal            aer     aer   aer      aer     aer     o
read_audit          a       a     a        a       a       o
found               -       -     -        -       -       o
read_organisations  aer     aer   aer      aer     aer     o
upload_patents      ae      -     -        -       -       -
upload_needs        -       ae    ae       -       -       -
take_back           ae      ae    ae       -       -       -
own_patents         aer     -     -        -       -       -
own_needs           -       aer   aer      -       -       -
run_park            -       aer   -        -       -       -
match               aer     aer   aer      -       aer     -
export              aer     aer   aer      -       aer     -
follow_jobs         aer     aer   aer      -       aer     o
stop_jobs           ae      ae    ae       -       ae      o
maintain            -       -     -        -       -       o
watch               aer     aer   aer      -       aer     -
give_feedback       ae      ae    ae       -       ae      -
read_figures        aer     aer   aer      aer     aer     -
push                ae      ae    ae       -       ae      -
follow              aer     aer   aer      -       aer     -
answer              ae      ae    ae       -       ae      -
read_statistics     -       -     -        aer     -       -
"""
TARGETED = """
action          own  foreign
read_members    aero o
manage_members  ao   o
manage_keys     a    -
manage_hooks    a    -
"""
SIGHT = """
level     own         park        agreed      named    foreign  anybody
公开      everything  everything  everything  details  details  details
脱敏      everything  everything  everything  summary  summary  summary
授权可见  everything  everything  everything  details  nothing  nothing
不入库    nothing     nothing     nothing     nothing  nothing  nothing
"""
RECORD = """
near     level     see    read_details  see_contact  match_from  edit  withdraw  set_level
own      公开      aer    aer           aer          aer         ae    ae        a
own      脱敏      aer    aer           aer          aer         ae    ae        a
own      授权可见  aer    aer           aer          aer         ae    ae        a
own      不入库    -      -             -            -           -     -         -
park     公开      aer    aer           aer          aer         ae    ae        -
park     脱敏      aer    aer           aer          aer         ae    ae        -
park     授权可见  aer    aer           aer          aer         ae    ae        -
park     不入库    -      -             -            -           -     -         -
agreed   公开      aer    aer           aer          aer         -     -         -
agreed   脱敏      aer    aer           aer          aer         -     -         -
agreed   授权可见  aer    aer           aer          aer         -     -         -
agreed   不入库    -      -             -            -           -     -         -
named    公开      aer    aer           -            aer         -     -         -
named    脱敏      aer    -             -            -           -     -         -
named    授权可见  aer    aer           -            aer         -     -         -
named    不入库    -      -             -            -           -     -         -
foreign  公开      aer    aer           -            aer         -     -         -
foreign  脱敏      aer    -             -            -           -     -         -
foreign  授权可见  -      -             -            -           -     -         -
foreign  不入库    -      -             -            -           -     -         -
anybody  公开      on     on            -            -           -     -         -
anybody  脱敏      on     -             -            -           -     -         -
anybody  授权可见  -      -             -            -           -     -         -
anybody  不入库    -      -             -            -           -     -         -
"""
SCOPED = """
action              read  match  write
open                yes   yes    yes
browse              yes   no     no
self                yes   no     no
own_keys            no    no     no
personal            no    no     no
read_audit          no    no     no
found               no    no     no
read_organisations  yes   no     no
read_members        no    no     no
manage_members      no    no     no
manage_keys         no    no     no
manage_hooks        no    no     no
watch               no    no     no
give_feedback       no    no     yes
read_figures        yes   no     no
upload_patents      no    no     yes
upload_needs        no    no     yes
own_patents         yes   no     no
own_needs           yes   no     no
run_park            yes   no     no
take_back           no    no     yes
match               no    yes    no
export              no    yes    no
follow_jobs         yes   no     no
stop_jobs           no    no     yes
maintain            no    no     no
push                no    no     yes
follow              yes   no     no
answer              no    no     yes
read_statistics     yes   no     no
see                 yes   no     no
read_details        yes   no     no
see_contact         yes   no     no
match_from          no    yes    no
edit                no    no     yes
withdraw            no    no     yes
set_level           no    no     no
"""


def table(text: str, keys: int = 1) -> dict[tuple[str, ...], str]:
    """(row names, column) -> cell."""
    head, *lines = [line.split() for line in text.strip().splitlines()]
    return {
        (*line[:keys], column): cell
        for line in lines
        for column, cell in zip(head[keys:], line[keys:], strict=True)
    }


def name_of(value: object) -> str:
    """A cell as the name of its test."""
    return "-".join(value) if isinstance(value, tuple) else str(value)


def organisation(kind: Kind, id: str = "mine") -> Organisation:
    return Organisation(id=id, kind=kind, name=KINDS[kind])


def member(kind: Kind, role: Role, scopes: frozenset[Scope] | None = None) -> Caller:
    person = Person(id="p", email="p@example.com", name="王一")
    return Caller(person=person, organisation=organisation(kind), role=role, scopes=scopes)


OPERATOR = Caller(person=Person(id="o", email="o@example.com", name="李二", operator=True))
ALONE = {"o": OPERATOR, "n": ANYBODY}


def held(near: str, level: Level, side: Side, kind: Kind) -> Held:
    """A record that is `near` to an organisation `mine` of this kind."""
    company = Organisation(id="c", kind="company", name="青屿", park_id="mine")
    owner = {"own": organisation(kind), "park": company}.get(near, organisation("centre", "other"))
    named = frozenset({"mine"} if near == "named" else {"other"})
    return Held(side=side, level=level, owner=owner, named=named, agreed=near == "agreed")


def test_the_tables_name_every_action_and_level_once() -> None:
    service = {name for name, _ in table(SERVICE)} | {name for name, _ in table(TARGETED)}
    assert service == set(get_args(Action))
    assert {column for *_, column in table(RECORD, 2)} == set(get_args(RecordAction))
    assert {level for level, _ in table(SIGHT)} == set(LEVELS)
    assert {name for name, _ in table(SCOPED)} == {*get_args(Action), *get_args(RecordAction)}
    assert {kind for _, kind in table(SERVICE)} - {"no-organisation"} == set(get_args(Kind))


@pytest.mark.parametrize(("cell", "who"), table(SERVICE).items(), ids=name_of)
def test_what_each_role_in_each_kind_may(cell: tuple[Action, Kind], who: str) -> None:
    action, kind = cell
    if kind not in KINDS:
        assert {letter for letter, caller in ALONE.items() if may(caller, action)} == {*who} - {"-"}
        return
    allowed = {letter for letter, role in ROLES.items() if may(member(kind, role), action)}
    assert allowed == {*who} - {"-"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("cell", "who"), table(TARGETED).items(), ids=name_of)
def test_what_is_done_to_an_organisation(cell: tuple[Action, str], who: str, kind: Kind) -> None:
    action, near = cell
    target = organisation(kind, "mine" if near == "own" else "other")
    callers = {letter: member(kind, role) for letter, role in ROLES.items()} | ALONE
    allowed = {letter for letter, caller in callers.items() if may(caller, action, target)}
    assert allowed == {*who} - {"-"}


@pytest.mark.parametrize(("cell", "who"), table(RECORD, 2).items(), ids=name_of)
def test_what_may_be_done_with_a_record(cell: tuple[str, Level, RecordAction], who: str) -> None:
    near, level, action = cell
    for kind, side in product(KINDS, SIDES):
        if near == "park" and (kind != "park" or side != "needs"):
            continue  # a park holds needs alone; the next test has the rest
        record = held(near, level, side, kind)
        callers = {letter: member(kind, role) for letter, role in ROLES.items()}
        if near == "anybody":
            callers = ALONE
        allowed = {letter for letter, caller in callers.items() if may_with(caller, action, record)}
        expected = {*who} - {"-"}
        if action == "match_from" and kind == "bureau":
            expected = set()  # a bureau reads, and matches nothing
        assert allowed == expected, (kind, side)


@pytest.mark.parametrize(("kind", "side"), list(product(KINDS, SIDES)))
def test_only_a_park_is_near_to_its_companies_and_only_to_their_needs(
    kind: Kind, side: Side
) -> None:
    record = held("park", "授权可见", side, kind)
    found: tuple[Relation, Sight] = (
        relation(member(kind, "admin"), record), sight(member(kind, "admin"), record)
    )  # fmt: skip
    if side == "needs":
        assert found == ("park", "everything")
    else:
        assert found == ("foreign", "nothing")


@pytest.mark.parametrize(("cell", "seen"), table(SIGHT).items(), ids=name_of)
def test_how_much_of_a_record_is_seen(cell: tuple[Level, str], seen: str) -> None:
    level, near = cell
    for kind, side, role in product(KINDS, SIDES, ROLES.values()):
        if near == "park" and (kind != "park" or side != "needs"):
            continue
        callers = ALONE.values() if near == "anybody" else [member(kind, role)]
        record = held("foreign" if near == "anybody" else near, level, side, kind)
        assert {sight(caller, record) for caller in callers} == {seen}


@pytest.mark.parametrize(("cell", "told"), table(SCOPED).items(), ids=name_of)
def test_what_a_key_of_one_scope_may(cell: tuple[str, Scope], told: str) -> None:
    action, scope = cell
    record = held("own", "公开", "needs", "company")
    found = []
    for kind in KINDS:
        caller = member(kind, "admin", frozenset({scope}))
        if action in get_args(RecordAction):
            found.append(may_with(caller, action, record))  # type: ignore[arg-type]
        else:
            found.append(may(caller, action, caller.organisation))  # type: ignore[arg-type]
    assert any(found) == (told == "yes")


def test_a_key_of_an_operator_is_no_operator() -> None:
    key = Caller(person=OPERATOR.person, scopes=frozenset({"read", "match", "write"}))
    assert not may(key, "found")


def test_whoever_has_lost_the_role_is_a_stranger() -> None:
    left = Caller(person=OPERATOR.person, organisation=organisation("company"))
    record = held("own", "授权可见", "needs", "company")
    assert (relation(left, record), sight(left, record)) == ("foreign", "nothing")
    assert not may(left, "match")


def test_nobody_s_record_is_seen_by_its_level() -> None:
    for level, seen in (("公开", "details"), ("脱敏", "summary"), ("授权可见", "nothing")):
        assert sight(member("centre", "admin"), Held(side="needs", level=level)) == seen  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "state_owned", "stated", "holds"),
    [
        ("公开", True, False, "脱敏"),
        ("公开", True, True, "公开"),
        ("公开", False, False, "公开"),
        ("脱敏", True, False, "脱敏"),
        ("授权可见", True, False, "授权可见"),
        ("不入库", True, False, "不入库"),
    ],
)
def test_a_state_owned_company_keeps_back_what_it_did_not_say_is_public(
    said: Level, state_owned: bool, stated: bool, holds: Level
) -> None:
    owner = Organisation(id="c", kind="company", name="国瓷", state_owned=state_owned)
    assert level_of(said, owner, stated=stated) == holds
    assert level_of("公开", None, stated=False) == "公开"


COMPANY = Organisation(id="c", kind="company", name="青屿", park_id="k")
CENTRE = Organisation(id="u", kind="centre", name="云麓")
PARK = Organisation(id="k", kind="park", name="高新区")
AGENCY = Organisation(id="a", kind="agency", name="知桥")
BUREAU = Organisation(id="b", kind="bureau", name="知识产权局")
PUSHES = """
need      patent    company  centre  park  agency  bureau
公开      公开      yes      yes     yes   yes     no
脱敏      公开      yes      yes     yes   no      no
公开      脱敏      yes      yes     yes   no      no
授权可见  公开      yes      no      yes   no      no
公开      授权可见  no       yes     no    no      no
不入库    公开      no       no      no    no      no
"""


@pytest.mark.parametrize(("cell", "told"), table(PUSHES, 2).items(), ids=name_of)
def test_who_may_bring_a_need_and_a_patent_together(
    cell: tuple[Level, Level, Kind], told: str
) -> None:
    of_need, of_patent, kind = cell
    need = Held(side="needs", level=of_need, owner=COMPANY)
    patent = Held(side="patents", level=of_patent, owner=CENTRE)
    (own,) = (one for one in (COMPANY, CENTRE, PARK, AGENCY, BUREAU) if one.kind == kind)
    for role in ROLES.values():
        caller = Caller(person=OPERATOR.person, organisation=own, role=role)
        expected = told == "yes" and role != "reader"
        assert policy.may_push(caller, need, patent) == expected, role


def test_nobody_brings_together_what_is_others_but_an_agency() -> None:
    need = Held(side="needs", level="公开", owner=COMPANY)
    patent = Held(side="patents", level="公开", owner=CENTRE)
    stranger = Organisation(id="x", kind="centre", name="江陵")
    assert not policy.may_push(Caller(organisation=stranger, role="admin"), need, patent)


def test_a_company_its_park_and_a_centre_speak_for_their_sides() -> None:
    speaks = {
        own.kind: policy.sides_of(Caller(organisation=own, role="reader"), COMPANY, CENTRE)
        for own in (COMPANY, CENTRE, PARK, AGENCY, BUREAU)
    }
    assert speaks == {
        "company": ["needs"], "park": ["needs"], "centre": ["patents"], "agency": [], "bureau": [],
    }  # fmt: skip
    assert policy.sides_of(Caller(organisation=COMPANY, role="admin"), COMPANY, COMPANY) == [
        "needs", "patents",
    ]  # fmt: skip
    assert policy.sides_of(ANYBODY, COMPANY, CENTRE) == []
