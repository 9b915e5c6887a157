"""The promises of `protocols.Store`, kept on SQLite and on a real PostgreSQL."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.errors import StoreBroken, UnknownId
from matcher.records import Flag, Need, Party, Patent, Terms
from matcher.store.sql import SqlStore

Open = Callable[[], SqlStore]

FULL = Patent(
    id="CN201220249767.4",
    keys=("a:CN201220249767.4", "p:CN202634345U"),
    title="一种 7075-T6 铝合金\n成形方法",
    abstract="本发明公开了“深冷”处理,温度 ≥200℃,𠮷。",
    first_claim="1. 一种方法,其特征在于:……",
    kind="实用新型",
    application_number="CN201220249767.4",
    publication_numbers=("CN202634345U", "CN202634345B"),
    application_date=date(2012, 5, 30),
    publication_date=date(2013, 1, 2),
    grant_date=date(2013, 1, 2),
    expiry_date=date(2022, 5, 30),
    applicants=(Party("云岭理工大学", "高校"), Party("云岭新材料有限公司", "企业")),
    owners=(Party("云岭新材料有限公司", "企业"),),
    inventors=("王一", "李二"),
    college="材料学院",
    address="河南省郑州市高新区科学大道 1 号",
    region="410105",
    park="郑州高新区",
    credit_code="91410100MA00000001",
    ipc=("A47G9/08", "C22F1/053"),
    industries=("C38", "C384"),
    legal_status="失效",
    legal_status_raw="期限届满",
    pledges=1,
    transfers=2,
    licences=3,
    level="脱敏",
    terms=Terms(
        trl=6,
        licence_modes=("独占许可", "开放许可"),
        transfer_modes=("许可", "作价入股"),
        price_min=0.1,
        price_max=1e6 / 3,
        price_text="面议",
        payment="入门费加提成",
        pay_later=False,
        funded=True,
        implementation="未实施",
        self_rating="A",
        scene="航空",
        contact="技术转移中心",
    ),
    flags=(Flag("near_duplicate", "与另一件相近"), Flag("no_number")),
    source="清单.xlsx",
)
BARE = Patent(id="N-0123456789abcdef", keys=("t:0123456789abcdef",), title="")
NEED = Need(
    id="X-1",
    title="提高隔膜耐热性",
    main_problem="收缩",
    key_technology="涂层",
    expected_goal="≥180℃",
    content="正文",
    keywords=("隔膜", "耐热"),
    deadline=date(2027, 6, 30),
    deadline_text="2027年6月底前",
    budget_min=30.0,
    budget_max=1e6 / 3,
    budget_text="30万以上",
    modes=("合作研发", "技术许可"),
    field="新材料",
    industries=("C38",),
    company="某某公司",
    credit_code="91410100MA00000002",
    park="郑州高新区",
    region="410100",
    address="河南省郑州市",
    contact="张三",
    level="授权可见",
    flags=(Flag("unread_value", "拟投入资金"),),
    source="需求.csv",
)
BARE_NEED = Need(id="X-0", title="")


def everything(store: SqlStore) -> tuple[list[Patent], list[Need], str]:
    return list(store.each_patent()), list(store.each_need()), store.snapshot()


def numbered(count: int) -> list[Patent]:
    return [Patent(id=f"CN{n:04d}", keys=(f"a:{n}",), title=f"专利{n}") for n in range(count)]


def test_what_was_put_is_read_back_equal(store: SqlStore, opened: Open) -> None:
    store.put_patents([FULL, BARE])
    store.put_needs([NEED, BARE_NEED])
    for reader in (store, opened()):
        assert reader.patents([BARE.id, FULL.id]) == [BARE, FULL]
        assert reader.needs([NEED.id, BARE_NEED.id]) == [NEED, BARE_NEED]
        assert list(reader.each_patent()) == [FULL, BARE]
        assert list(reader.each_need()) == [BARE_NEED, NEED]


def test_columns_that_are_empty_in_some_records_or_all_are_read_back(store: SqlStore) -> None:
    bare = numbered(4500)
    filled = [replace(FULL, id=item.id, keys=(f'"{item.id}"\\é',)) for item in bare[:3000]]
    for items in (bare, filled[::7], [replace(item, region=None) for item in filled], bare):
        store.put_patents(items)
        assert store.patents([item.id for item in items]) == items
        assert store.owners_of([key for item in items for key in item.keys]) == {
            key: item.id for item in items for key in item.keys
        }


def test_owners_equal_to_the_applicants_or_missing_are_kept_apart(store: SqlStore) -> None:
    same = replace(FULL, id="1", keys=("1",), owners=FULL.applicants)
    none = replace(FULL, id="2", keys=("2",), owners=())
    neither = replace(FULL, id="3", keys=("3",), owners=(), applicants=())
    store.put_patents([same, none, neither])
    assert store.patents(["1", "2", "3"]) == [same, none, neither]


def test_an_empty_store_answers(store: SqlStore) -> None:
    assert everything(store) == ([], [], "p0-n0-0000000000000000")
    assert store.patents([]) == []
    assert store.needs([]) == []
    assert store.owners_of(["a:1"]) == {}
    assert store.patents_by(["云岭理工大学"]) == []
    assert store.known_needs(["X-1"]) == {}


def test_putting_nothing_changes_nothing(store: SqlStore) -> None:
    store.put_patents([FULL])
    before = everything(store)
    store.put_patents([])
    store.put_needs([])
    assert everything(store) == before


def test_putting_again_changes_nothing(store: SqlStore) -> None:
    store.put_patents([FULL, BARE])
    store.put_needs([NEED])
    before = everything(store)
    store.put_patents([BARE, FULL])
    store.put_needs([NEED, NEED])
    assert everything(store) == before


def test_a_put_of_a_known_id_replaces_the_whole_record(store: SqlStore) -> None:
    store.put_patents([FULL, BARE])
    store.put_needs([NEED])
    changed = Patent(id=FULL.id, keys=("a:new",), title="改名")
    store.put_patents([changed])
    store.put_needs([replace(BARE_NEED, id=NEED.id)])
    assert store.patents([FULL.id]) == [changed]
    assert store.owners_of([*FULL.keys, "a:new"]) == {"a:new": FULL.id}
    assert store.needs([NEED.id]) == [replace(BARE_NEED, id=NEED.id)]


def test_the_last_of_two_records_with_one_id_counts(store: SqlStore) -> None:
    first, last = (Patent(id="1", keys=("a",), title=title) for title in ("先", "后"))
    store.put_patents([first, last])
    assert list(store.each_patent()) == [last]


def test_a_key_passes_to_the_record_that_claims_it_last(store: SqlStore) -> None:
    one, two = (Patent(id=name, keys=("shared", name), title="") for name in ("1", "2"))
    store.put_patents([one])
    store.put_patents([two])
    assert store.owners_of(["shared", "1", "2"]) == {"shared": "2", "1": "1", "2": "2"}


def test_records_that_are_gone_leave_in_the_same_put(store: SqlStore) -> None:
    store.put_patents([FULL, BARE])
    merged = replace(FULL, keys=(*FULL.keys, *BARE.keys))
    store.put_patents([merged], gone=[BARE.id])
    assert list(store.each_patent()) == [merged]
    assert store.owners_of(merged.keys) == dict.fromkeys(merged.keys, FULL.id)
    other = store.snapshot()
    store.put_patents([], gone=[FULL.id])
    assert everything(store) == ([], [], "p0-n0-0000000000000000")
    assert other.startswith("p1-n0-")


@pytest.mark.parametrize("count", [1, 2, 499, 500, 501, 1203])
def test_records_of_any_number_are_put_and_found(store: SqlStore, count: int) -> None:
    patents = numbered(count)
    store.put_patents(patents[: count // 2])
    store.put_patents(patents)
    assert list(store.each_patent()) == patents
    assert store.patents([patent.id for patent in reversed(patents)]) == patents[::-1]
    assert len(store.owners_of([f"a:{n}" for n in range(count + 5)])) == count


def test_a_broken_record_in_the_middle_leaves_all_as_it_was(store: SqlStore) -> None:
    store.put_patents(numbered(3))
    store.put_needs([NEED])
    before = everything(store)
    broken = replace(BARE, title=None)  # type: ignore[arg-type]
    with pytest.raises(StoreBroken, match="未改动任何内容"):
        store.put_patents([FULL, *numbered(700), broken, replace(BARE, id="9", keys=())], gone=[])
    with pytest.raises(StoreBroken, match="未改动任何内容"):
        store.put_needs([BARE_NEED, replace(NEED, id="9", title=None)])  # type: ignore[arg-type]
    assert everything(store) == before
    assert store.owners_of(FULL.keys) == {}


def test_an_unknown_id_is_named(store: SqlStore) -> None:
    store.put_patents([FULL])
    store.put_needs([NEED])
    with pytest.raises(UnknownId, match="没有编号为“CN9”的专利") as patent:
        store.patents([FULL.id, "CN9", "CN10"])
    with pytest.raises(UnknownId, match="没有编号为“X-9”的需求") as need:
        store.needs([NEED.id, "X-9"])
    assert (patent.value.details, need.value.details) == ({"id": "CN9"}, {"id": "X-9"})


def test_ids_of_any_length_are_kept(store: SqlStore) -> None:
    long = replace(BARE, id="长" * 300, keys=("k" * 500,), credit_code="9" * 40)
    store.put_patents([long])
    assert store.patents([long.id]) == [long]
    assert store.owners_of(long.keys) == {"k" * 500: long.id}


def test_patents_are_found_by_their_first_applicant(store: SqlStore) -> None:
    second = replace(FULL, id="2", keys=("2",), applicants=FULL.applicants[::-1])
    store.put_patents([second, FULL, BARE])
    assert store.patents_by(["云岭理工大学"]) == [FULL]
    assert store.patents_by(["云岭理工大学", "云岭新材料有限公司", "无"]) == [second, FULL]


def test_known_needs_are_those_that_are_there(store: SqlStore) -> None:
    store.put_needs([NEED, BARE_NEED])
    assert store.known_needs(["X-1", "X-7"]) == {"X-1": NEED}


def test_counts_come_most_first(store: SqlStore) -> None:
    store.put_patents([FULL, BARE, *numbered(2)])
    assert store.count_by("patents", "legal_status") == [("未知", 3), ("失效", 1)]
    assert store.count_by("patents", "region") == [("", 3), ("410105", 1)]


def test_the_choice_of_columns_is_remembered(store: SqlStore, opened: Open) -> None:
    store.remember_columns("f1", {"专利题名": "title", "甲": "abstract"})
    store.remember_columns("f2", {"乙": "title"})
    store.remember_columns("f1", {"专利题名": "abstract"})
    assert opened().column_maps() == {"f1": {"专利题名": "abstract"}, "f2": {"乙": "title"}}


def test_what_no_database_can_hold_becomes_a_replacement_mark(store: SqlStore) -> None:
    dirty = replace(
        FULL, id="a\x00b", keys=("k\ud800",), title="坏\x00字\udfff符", inventors=("\ud83d",)
    )
    clean = replace(FULL, id="a�b", title="坏�字�符")
    store.put_patents([dirty])
    (found,) = store.each_patent()
    assert (found.id, found.title, found.inventors) == (clean.id, clean.title, ("�",))
    assert store.owners_of(["k�"]) == {"k�": "a�b"}
    before = store.snapshot()
    store.put_patents([dirty])
    store.put_patents([found])
    assert store.snapshot() == before
    store.put_needs([replace(NEED, content="\x00\ud800")])
    assert store.needs([NEED.id]) == [replace(NEED, content="��")]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    title=st.text(max_size=30), note=st.text(max_size=30), price=st.floats(allow_nan=False),
    day=st.none() | st.dates(),
)  # fmt: skip
def test_any_text_number_and_day_is_read_back_equal(
    store: SqlStore, title: str, note: str, price: float, day: date | None
) -> None:
    title, note = title.replace("\x00", ""), note.replace("\x00", "")
    terms = Terms(price_min=price, scene=note)
    patent = replace(BARE, title=title, application_date=day, terms=terms, inventors=(note,))
    need = replace(BARE_NEED, title=title, budget_min=price, deadline=day, keywords=(note,))
    store.put_patents([patent])
    store.put_needs([need])
    assert store.patents([patent.id]) == [patent]
    assert store.needs([need.id]) == [need]
