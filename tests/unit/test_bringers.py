"""Lists that an organisation brings: what it owns then, and what of others it cannot touch."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from matcher.access.people import Organisation
from matcher.imports import Bringer, How, ImportReport, import_needs, import_patents
from matcher.store.sql import SqlStore, sqlite_url

TODAY = date(2026, 3, 1)
HEAD = "申请号,标题,摘要,申请人,IPC"
FILM = "CN202219001622.8,一种隔膜,耐热的隔膜,嵩岚理工大学,H01M50/446"
Give = Callable[..., ImportReport]


@pytest.fixture
def store(tmp_path: Path) -> SqlStore:
    store = SqlStore.open(sqlite_url(tmp_path / "patmatch.db"))
    for organisation in (
        Organisation(id="song", kind="centre", name="嵩岚理工大学技术转移中心"),
        Organisation(id="han", kind="centre", name="汉澜工业大学技术转移中心"),
        Organisation(id="park", kind="park", name="高新区"),
        Organisation(id="qing", kind="company", name="青屿公司", park_id="park"),
        Organisation(id="lone", kind="company", name="独公司"),
    ):
        store.accounts.found(organisation)
    return store


@pytest.fixture
def patents(store: SqlStore, tmp_path: Path) -> Give:
    def give(by: str | None, *lines: str, dry_run: bool = False) -> ImportReport:
        path = tmp_path / "表.csv"
        path.write_text("\n".join((HEAD, *lines)), "utf-8")
        bringer = Bringer(organisation_id=by) if by else None
        how = How(mapping={}, dry_run=dry_run, today=TODAY, bringer=bringer)
        return import_patents(store, path, how)

    return give


@pytest.fixture
def needs(store: SqlStore, tmp_path: Path) -> Give:
    def give(by: str, *lines: str) -> ImportReport:
        path = tmp_path / "需求.csv"
        path.write_text("\n".join(("需求编号,需求名称,企业名称", *lines)), "utf-8")
        bringer = Bringer(organisation_id=by, companies=store.accounts.companies(by))
        return import_needs(
            store, path, How(mapping={}, dry_run=False, today=TODAY, bringer=bringer)
        )

    return give


def owner(store: SqlStore, side: str, id: str) -> str | None:
    found = store.owners.of(side, id)  # type: ignore[arg-type]
    return found.id if found else None


def ids(store: SqlStore) -> dict[str, str]:
    return {patent.title: patent.id for patent in store.each_patent()}


def test_what_a_centre_brings_is_its_own(store: SqlStore, patents: Give) -> None:
    assert patents("song", FILM, ",一种没有号的装置,,嵩岚理工大学,").outcomes == {"new": 2}
    for id in ids(store).values():
        assert owner(store, "patents", id) == "song"


def test_trying_owns_nothing(store: SqlStore, patents: Give) -> None:
    patents(None, FILM)
    patents("song", FILM, dry_run=True)
    assert owner(store, "patents", ids(store)["一种隔膜"]) is None


def test_what_nobody_owned_goes_to_who_brings_it_though_nothing_changed(
    store: SqlStore, patents: Give
) -> None:
    patents(None, FILM)
    assert patents("song", FILM).outcomes == {"unchanged": 1}
    assert owner(store, "patents", ids(store)["一种隔膜"]) == "song"


def test_rows_about_what_others_own_are_given_back_and_change_nothing(
    store: SqlStore, patents: Give
) -> None:
    patents("song", FILM)
    before = store.snapshot()
    report = patents("han", FILM.replace("耐热的隔膜", "改过的摘要"))
    assert (report.outcomes, report.rejected) == ({}, {"others_record": 1})
    (rejection,) = report.rejections
    assert (rejection.row.number, rejection.problems[0].reason) == (
        2, "这条记录已归其他机构,没有改动",
    )  # fmt: skip
    assert store.snapshot() == before
    assert owner(store, "patents", ids(store)["一种隔膜"]) == "song"


def test_a_bad_row_does_not_keep_the_good_ones_out(store: SqlStore, patents: Give) -> None:
    patents("song", FILM)
    report = patents("han", "没有号,,,,", FILM, ",一种齿轮,,汉澜工业大学,F16H55/17")
    assert report.outcomes == {"new": 1}
    assert report.rejected["others_record"] == 1
    assert owner(store, "patents", ids(store)["一种齿轮"]) == "han"


def test_a_record_of_another_is_not_drawn_into_one_s_own(store: SqlStore, patents: Give) -> None:
    """A list without numbers first, then the same patent with its number from somebody else."""
    patents("song", ",一种隔膜,耐热的隔膜,嵩岚理工大学,")
    before = store.snapshot()
    report = patents("han", FILM)
    assert report.rejected == {"others_record": 1}
    assert store.snapshot() == before


def test_a_park_brings_needs_for_its_companies_and_itself(store: SqlStore, needs: Give) -> None:
    report = needs("park", "XQ-101,隔膜耐热,青屿公司", "XQ-102,园区共性难题,别的公司")
    assert report.outcomes == {"new": 2}
    assert (owner(store, "needs", "XQ-101"), owner(store, "needs", "XQ-102")) == ("qing", "park")
    assert needs("qing", "XQ-101,隔膜更耐热,青屿公司").outcomes == {"updated": 1}
    assert needs("park", "XQ-101,隔膜最耐热,青屿公司").outcomes == {"updated": 1}
    assert owner(store, "needs", "XQ-101") == "qing"


def test_a_number_that_another_company_uses_is_refused(store: SqlStore, needs: Give) -> None:
    needs("park", "XQ-101,隔膜耐热,青屿公司")
    report = needs("lone", "XQ-101,齿轮降噪,独公司", "XQ-102,齿轮耐磨,独公司")
    assert (report.outcomes, report.rejected) == ({"new": 1}, {"others_record": 1})
    assert [need.title for need in store.needs(["XQ-101", "XQ-102"])] == ["隔膜耐热", "齿轮耐磨"]
