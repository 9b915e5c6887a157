"""Organisations, people, sessions, keys, invitations and owners, on every database."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, inspect

from matcher.access.people import Caller, Membership, Organisation, Person
from matcher.access.policy import Held
from matcher.errors import BadInput, Taken, UnknownId
from matcher.records import Need, Patent
from matcher.store.credentials import Invitation, Key
from matcher.store.sql import SqlStore

Open = Callable[[], SqlStore]
PARK = Organisation(id="o-1", kind="park", name="高新区")
COMPANY = Organisation(id="o-2", kind="company", name="青屿", park_id="o-1", state_owned=True)
CENTRE = Organisation(id="o-3", kind="centre", name="云麓理工大学技术转移中心")
WANG = Person(id="p-1", email="wang@example.com", name="王一")
LI = Person(id="p-2", email="li@example.com", name="李二", operator=True)
NOW, LATER = 1_800_000_000, 1_800_003_600
KEY = Key(
    id="k-1", organisation_id="o-2", person_id=None, name="对接程序",
    scopes=frozenset({"read", "match"}), made_at=NOW, expires_at=LATER,
)  # fmt: skip


@pytest.fixture
def full(store: SqlStore) -> SqlStore:
    """A park, its company, a centre; 王一 edits for the company, 李二 is an operator."""
    for made in (PARK, COMPANY, CENTRE):
        store.accounts.found(made)
    store.accounts.enrol(WANG, "hash-1")
    store.accounts.enrol(LI, "hash-2")
    store.accounts.join("p-1", "o-2", "editor")
    return store


def test_what_was_put_is_read_back_equal(full: SqlStore, opened: Open) -> None:
    for store in (full, opened()):
        assert store.accounts.organisations(limit=9) == [PARK, COMPANY, CENTRE]
        assert store.accounts.organisation("o-2") == COMPANY
        assert store.accounts.by_email("wang@example.com") == (WANG, "hash-1")
        assert store.accounts.by_email("li@example.com") == (LI, "hash-2")
        assert store.accounts.by_email("nobody@example.com") is None
        assert store.accounts.members("o-2") == [(WANG, "editor")]
        assert store.accounts.memberships("p-1") == [Membership("p-1", COMPANY, "editor")]


def test_organisations_come_in_pages(full: SqlStore) -> None:
    assert full.accounts.organisations(limit=2) == [PARK, COMPANY]
    assert full.accounts.organisations(after="o-2", limit=2) == [CENTRE]
    assert full.accounts.organisations(after="o-3", limit=2) == []


def test_an_organisation_is_found_by_its_id_or_its_exact_name(full: SqlStore) -> None:
    assert full.accounts.called("o-3") == full.accounts.called(CENTRE.name) == CENTRE
    for nobody in ("云麓理工大学", "o-9", "", "青\x00屿", "青\udc80屿"):
        assert full.accounts.called(nobody) is None


def test_a_name_and_an_address_are_there_once(full: SqlStore) -> None:
    with pytest.raises(Taken, match="已经有这个名称的机构"):
        full.accounts.found(replace(PARK, id="o-9"))
    with pytest.raises(Taken, match="已经注册"):
        full.accounts.enrol(replace(WANG, id="p-9"), "hash-9")
    assert full.accounts.by_email("wang@example.com") == (WANG, "hash-1")


def test_a_company_belongs_to_a_park_and_to_nothing_else(full: SqlStore) -> None:
    for park_id in ("o-3", "o-404"):
        with pytest.raises(BadInput, match="没有这个园区"):
            full.accounts.found(
                Organisation(id="o-9", kind="company", name="白榆", park_id=park_id)
            )
    with pytest.raises(UnknownId):
        full.accounts.organisation("o-9")


def test_a_role_changes_and_ends_and_the_last_admin_stays(full: SqlStore) -> None:
    accounts = full.accounts
    accounts.join("p-1", "o-2", "admin")
    with pytest.raises(BadInput, match="至少要有一位管理员"):
        accounts.join("p-1", "o-2", "reader")
    with pytest.raises(BadInput, match="至少要有一位管理员"):
        accounts.leave("p-1", "o-2")
    accounts.join("p-2", "o-2", "admin")
    accounts.leave("p-1", "o-2")
    assert accounts.members("o-2") == [(LI, "admin")]
    with pytest.raises(UnknownId, match="不是该机构的成员"):
        accounts.leave("p-1", "o-2")


def test_a_session_tells_who_with_the_role_held_now_until_it_ends(full: SqlStore) -> None:
    held = full.credentials
    held.open_session("d1", "p-1", "o-2", now=NOW, until=LATER)
    assert held.session("d1", now=NOW) == Caller(person=WANG, organisation=COMPANY, role="editor")
    full.accounts.join("p-1", "o-2", "reader")
    assert held.session("d1", now=LATER - 1) == Caller(
        person=WANG, organisation=COMPANY, role="reader"
    )
    assert held.session("d1", now=LATER) is None
    assert held.session("d2", now=NOW) is None
    held.close_session("d1")
    assert held.session("d1", now=NOW) is None


def test_whoever_leaves_has_no_session_and_no_key_there(full: SqlStore) -> None:
    held = full.credentials
    held.open_session("d1", "p-1", "o-2", now=NOW, until=LATER)
    held.open_session("d0", "p-1", None, now=NOW, until=LATER)
    held.make_key(replace(KEY, person_id="p-1"), "kd")
    full.accounts.leave("p-1", "o-2")
    assert (held.session("d1", now=NOW), held.key("kd", now=NOW)) == (None, None)
    assert held.session("d0", now=NOW) == Caller(person=WANG)


def test_a_key_of_an_organisation_acts_for_it_until_it_ends_or_is_revoked(full: SqlStore) -> None:
    held = full.credentials
    held.make_key(KEY, "kd")
    reader = Caller(organisation=COMPANY, role="reader", scopes=KEY.scopes)
    assert held.key("kd", now=LATER - 1) == reader
    assert held.key("kd", now=LATER) is None
    assert held.keys("o-2", None) == [KEY]
    assert held.keys("o-2", "p-1") == held.keys("o-3", None) == []
    with pytest.raises(UnknownId):
        held.revoke_key("k-1", "o-3", None, now=NOW)
    with pytest.raises(UnknownId):
        held.revoke_key("k-1", "o-2", "p-1", now=NOW)
    held.revoke_key("k-1", "o-2", None, now=NOW + 5)
    held.revoke_key("k-1", "o-2", None, now=NOW + 9)
    assert held.key("kd", now=NOW + 10) is None
    assert held.keys("o-2", None) == [replace(KEY, revoked_at=NOW + 5)]


def test_a_key_of_a_person_has_no_higher_role_than_the_person(full: SqlStore) -> None:
    held, scopes = full.credentials, frozenset({"read", "write"})
    held.make_key(replace(KEY, person_id="p-1", scopes=scopes), "kd")  # type: ignore[arg-type]
    full.accounts.join("p-2", "o-2", "admin")
    for role, acts in (("admin", "editor"), ("editor", "editor")):
        full.accounts.join("p-1", "o-2", role)  # type: ignore[arg-type]
        found = held.key("kd", now=NOW)
        assert found == Caller(person=WANG, organisation=COMPANY, role=acts, scopes=scopes)  # type: ignore[arg-type]
    full.accounts.join("p-1", "o-2", "reader")
    found = held.key("kd", now=NOW)
    assert found is not None and found.role == "reader"


def test_an_invitation_is_taken_once_by_a_newcomer(full: SqlStore) -> None:
    newcomer = Person(id="p-3", email="zhao@example.com", name="赵三")
    invited = Invitation(
        organisation=CENTRE, email=newcomer.email, role="admin", made_at=NOW, expires_at=LATER
    )
    held = full.credentials
    held.invite("i0", replace(invited, role="reader"))
    held.invite("i1", invited)
    assert held.invitation("i0", now=NOW) is None, "the later one replaces the earlier"
    assert held.invitation("i1", now=NOW) == invited
    assert held.invitation("i1", now=LATER) is None
    assert held.accept("i1", newcomer, "hash-3", now=NOW) == newcomer
    assert full.accounts.members("o-3") == [(newcomer, "admin")]
    with pytest.raises(UnknownId, match="邀请不存在或已过期"):
        held.accept("i1", newcomer, "hash-3", now=NOW)


def test_an_invitation_is_taken_by_whoever_has_the_address(full: SqlStore) -> None:
    invited = Invitation(
        organisation=CENTRE, email=WANG.email, role="reader", made_at=NOW, expires_at=LATER
    )
    full.credentials.invite("i1", invited)
    with pytest.raises(Taken):
        full.credentials.accept("i1", replace(WANG, id="p-9"), "hash-9", now=NOW)
    assert full.credentials.accept("i1", None, "", now=NOW) == WANG
    assert full.accounts.members("o-3") == [(WANG, "reader")]
    assert full.accounts.by_email(WANG.email) == (WANG, "hash-1")


def test_an_invitation_does_not_leave_an_organisation_without_admin(full: SqlStore) -> None:
    full.accounts.join("p-1", "o-2", "admin")
    invited = Invitation(
        organisation=COMPANY, email=WANG.email, role="reader", made_at=NOW, expires_at=LATER
    )
    full.credentials.invite("i1", invited)
    with pytest.raises(BadInput, match="至少要有一位管理员"):
        full.credentials.accept("i1", None, "", now=NOW)
    assert full.accounts.members("o-2") == [(WANG, "admin")]
    assert full.credentials.invitation("i1", now=NOW) == invited


def test_tries_are_counted_in_a_row_and_forgotten(store: SqlStore) -> None:
    held = store.credentials
    for second in range(3):
        held.count_try("s1", since=NOW - 900, now=NOW + second)
    held.count_try("s2", since=NOW - 900, now=NOW)
    assert held.tries("s1", since=NOW - 900) == (3, NOW + 2)
    assert held.tries("s1", since=NOW + 2) == (0, 0)
    held.forget_tries("s1")
    assert (held.tries("s1", since=0), held.tries("s2", since=0)) == ((0, 0), (1, NOW))
    held.count_try("s1", since=NOW + 900, now=NOW + 901)
    assert held.tries("s2", since=0) == (0, 0)


def test_a_record_is_held_by_its_owner_at_its_level(full: SqlStore) -> None:
    plain, kept = Need(id="N1", title="甲"), Need(id="N2", title="乙", level="授权可见")
    lone = Need(id="N3", title="丙")
    full.put_needs([plain, kept, lone])
    full.owners.own("needs", ["N1", "N2"], "o-2", level_stated=False)
    full.owners.name("needs", "N2", ["o-3", "o-1", "o-3"])
    names = frozenset({"o-1", "o-3"})
    expected = [
        Held(side="needs", level="脱敏", owner=COMPANY),
        Held(side="needs", level="授权可见", owner=COMPANY, named=names),
        Held(side="needs", level="公开"),
    ]
    assert full.owners.held([plain, kept, lone]) == expected
    full.owners.own("needs", ["N1"], "o-2", level_stated=True)
    full.owners.name("needs", "N2", [])
    assert full.owners.held([plain, kept]) == [
        replace(expected[0], level="公开"), replace(expected[1], named=frozenset())
    ]  # fmt: skip


def test_owning_leaves_the_snapshot_as_it_is(full: SqlStore) -> None:
    full.put_needs([Need(id="N1", title="甲")])
    before = full.snapshot()
    full.owners.own("needs", ["N1"], "o-2", level_stated=False)
    assert full.snapshot() == before


def test_owning_a_record_that_is_not_there_changes_nothing(full: SqlStore) -> None:
    need = Need(id="N1", title="甲")
    full.put_needs([need])
    with pytest.raises(UnknownId, match="N9"):
        full.owners.own("needs", ["N1", "N9"], "o-2", level_stated=False)
    assert full.owners.held([need]) == [Held(side="needs", level="公开")]


def test_records_come_in_pages_by_id_and_by_owner(full: SqlStore) -> None:
    items = [Patent(id=f"P{n}", keys=(f"k{n}",), title="隔膜") for n in range(5)]
    full.put_patents(items)
    full.owners.own("patents", ["P1", "P3"], "o-3", level_stated=False)
    free, mine = Held(side="patents", level="公开"), Held(
        side="patents", level="公开", owner=CENTRE
    )  # fmt: skip
    assert full.owners.page("patents", after="", limit=2) == [(items[0], free), (items[1], mine)]
    assert full.owners.page("patents", after="P3", limit=9) == [(items[4], free)]
    assert full.owners.page("patents", after="P1", limit=9, owner="o-3") == [(items[3], mine)]
    assert full.owners.page("needs", after="", limit=9) == []


def test_what_is_owned_follows_a_patent_that_becomes_part_of_another(full: SqlStore) -> None:
    old = Patent(id="N-1", keys=("N:1",), title="隔膜")
    other = Patent(id="N-2", keys=("N:2",), title="隔膜")
    full.put_patents([old, other])
    full.owners.own("patents", ["N-1"], "o-3", level_stated=True)
    full.owners.own("patents", ["N-2"], "o-1", level_stated=True)
    full.owners.name("patents", "N-1", ["o-2"])
    joined = Patent(id="CN1", keys=("A:1", "N:1", "N:2"), title="隔膜")
    full.put_patents([joined], gone=["N-1", "N-2"])
    assert full.owners.held([joined]) == [
        Held(side="patents", level="公开", owner=CENTRE, named=frozenset({"o-2"}))
    ]
    assert full.owners.held([old, other]) == [Held(side="patents", level="公开")] * 2
    full.put_patents([], gone=["CN1"])
    assert full.owners.held([joined]) == [Held(side="patents", level="公开")]


def test_a_database_from_before_people_is_brought_up_to_date(
    url: str, taken_back: Callable[[str, set[str]], None], opened: Open
) -> None:
    opened().put_needs([Need(id="N1", title="甲")])
    known = {"patents", "patent_keys", "needs", "column_maps", "facts", "feedback"}
    taken_back("0002", known)
    again = opened()
    assert again.needs(["N1"]) == [Need(id="N1", title="甲")]
    again.accounts.found(PARK)
    assert again.accounts.organisations(limit=1) == [PARK]
    engine = create_engine(url)
    assert {"owners", "named", "attempts"} <= set(inspect(engine).get_table_names())
    engine.dispose()
