"""The tables against the public reference files and real lists of ../shared (skipped without)."""

import csv
import gzip
import io
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from matcher.reference.divisions import current, region
from matcher.reference.industries import industries_of
from matcher.reference.organisations import kind_of
from matcher.reference.parks import park_of
from matcher.reference.regions import region_named, region_of
from matcher.reference.tables import table

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is absent")

# GB/T 4754-2017 as published has these names; the reference file writes them otherwise.
OTHER_NAMES = {"C278", "S96"}


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((DATA / "reference" / name).read_text("utf-8-sig").splitlines()))


def _gazette(name: str) -> list[dict[str, str]]:
    raw = (DATA / "supply" / name).read_bytes()
    text = gzip.decompress(raw).decode("utf-8") if name.endswith(".gz") else raw.decode("gb18030")
    return list(csv.DictReader(io.StringIO(text)))


def test_industry_names_and_parents_are_those_of_the_standard() -> None:
    official = {row["code"]: row for row in _rows("gb4754_2017.csv")}

    def plain(name: str) -> str:
        return name.replace("（", "(").replace("）", ")")

    own = {code: name for code, name in table("industries.tsv") if code not in OTHER_NAMES}
    wrong = {
        code: name
        for code, name in own.items()
        if plain(official[code[1:] or code]["name"]) != plain(name)
    }
    assert wrong == {}
    divisions = {c for c, row in official.items() if row["level"] == "大类"}
    assert {code[1:] for code, _ in table("industries.tsv") if len(code) == 3} == divisions
    groups = {c for c, row in official.items() if row["level"] == "中类" and "13" <= c[:2] <= "43"}
    assert groups - {code[1:] for code, _ in table("industries.tsv")} == set()


def test_every_ipc_subclass_leads_to_an_industry_by_its_own_or_its_class_row() -> None:
    symbols = {s for row in table("ipc_industry.tsv") for s in row[0].split()}
    subclasses = [r["code"] for r in _rows("ipc_subclasses_zh.csv") if r["level"] == "subclass"]
    assert [c for c in subclasses if c not in symbols and not c.endswith("99Z")] == []
    assert [c for c in subclasses if not industries_of([c])] == []


def test_the_concordance_agrees_with_eurostat_through_the_drafts() -> None:
    """The drafts are unverified and coarse (28.x, 32.x): four in five agree, not all should."""
    divisions: dict[str, set[str]] = {}
    for row in _rows("nace2_to_gb4754_2017_draft.csv"):
        divisions.setdefault(row["nace2"], set()).add(row["gb4754"][:2])
    agreed = []
    for name in ("ipc_nace2_v2.0_annex1.csv", "ipc_nace2_after_2015_draft.csv"):
        for row in _rows(name):
            theirs = divisions.get(row["nace2"])
            if theirs and re.fullmatch(r"[A-H]\d\d[A-Z](\d+/)?", row["ipc"]):
                own = {code[1:3] for code in industries_of([row["ipc"]])}
                agreed.append(bool(own & theirs))
    share = sum(agreed) / len(agreed)
    print(f"{len(agreed)} symbols, {share:.1%} agree at the division")
    assert share >= 0.79


def test_old_codes_lead_where_the_public_history_leads() -> None:
    """Agreed: the same division, its city, or (split divisions) a neighbour in the same city.

    The history names codes no longer in force too; those are left out.
    """
    history = json.loads((DATA / "reference" / "divisions_diff.json").read_text("utf-8"))
    agreed = Counter[str]()
    for old, _, new in table("divisions_old.tsv"):
        theirs = [code for code in history.get(old, ()) if code in current()]
        if not theirs or old in current():
            continue
        near = any(code[:4] == new[:4] for code in theirs)
        agreed["same" if new in theirs else "near" if near else "other"] += 1
    print(dict(agreed))
    total = sum(agreed.values())
    assert agreed["same"] / total >= 0.95
    assert agreed["other"] / total <= 0.01


def test_the_divisions_in_force_are_those_of_the_public_list() -> None:
    listed = json.loads((DATA / "reference" / "divisions_list.json").read_text("utf-8"))
    own = {code: found.name for code, found in current().items()}
    assert {c: name for c, name in listed.items() if own.get(c, name) != name} == {}
    mainland = [c for c in listed if c < "700000"]
    assert [c for c in mainland if region(c) is None] == ["653132", "659013"]  # made in 2025
    assert set(own) - set(listed) == {"710000"}


@pytest.mark.parametrize(
    ("name", "district"),
    [("gazette_2019-07_universities.csv", 0.75), ("gazette_2019-07_enterprises.csv.gz", 0.80)],
)
def test_real_mainland_addresses_get_a_region(name: str, district: float) -> None:
    addresses = [row["地址"] for row in _gazette(name) if row["地址"][:6].isdigit()]
    codes = [region_of(address) for address in addresses]
    levels = Counter(region(code).level if code else "none" for code in codes)  # type: ignore[union-attr]
    print(name, len(addresses), dict(levels))
    assert levels["none"] / len(addresses) <= 0.005
    assert levels["district"] / len(addresses) >= district


def test_real_lists_get_industries_kinds_and_parks() -> None:
    rows = _gazette("gazette_2019-07_universities.csv")
    assert all(industries_of(row["分类号"].split(";")) for row in rows)
    parks = sum(park_of(row["地址"]) is not None for row in rows)
    assert parks / len(rows) >= 0.09
    kinds = Counter(
        kind_of(part.strip("? "))
        for row in rows
        for part in row["申请（专利权）人"].split(";")
        if part.strip("? ")
    )
    assert kinds["其他"] / sum(kinds.values()) <= 0.01


def test_names_of_national_zones_are_known_as_written() -> None:
    """A zone's official name, read as an applicant would write it, comes back unchanged."""
    names = [row["name"] for row in _rows("national_zones.csv")]
    kept = [name for name in names if park_of(name) == name]
    print(f"{len(kept)} of {len(names)} zones keep their official name")
    assert len(kept) / len(names) >= 0.93


def test_every_university_of_the_ministry_list_is_a_university_in_a_known_city() -> None:
    rows = _rows("cn_universities_2022.csv")
    assert [row["school"] for row in rows if kind_of(row["school"]) != "高校"] == []
    assert [row["city"] for row in rows if len(region_named(row["city"])) != 1] == []
