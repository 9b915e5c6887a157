from collections.abc import Mapping, Sequence
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.normalise.fold import Folded, fold
from matcher.normalise.patents import patent_of
from matcher.normalise.similar import mark, near_duplicates, skeleton
from matcher.records import Flag, Patent, Row

TODAY = date(2026, 11, 23)


def taken(**fields: str) -> Patent:
    found = patent_of(Row("甲.xlsx", "", 2, fields), today=TODAY)
    assert isinstance(found, Patent), found
    return found


class Shelf:
    """A store of records in memory, with one owner a key."""

    def __init__(self) -> None:
        self.records: dict[str, Patent] = {}
        self.keys: dict[str, str] = {}

    def known(self, keys: Sequence[str]) -> Mapping[str, str]:
        return {key: self.keys[key] for key in keys if key in self.keys}

    def load(self, ids: Sequence[str]) -> list[Patent]:
        return [self.records[key] for key in ids]

    def add(self, *patents: Patent) -> Folded:
        folded = fold(patents, known=self.known, load=self.load)
        for gone in folded.absorbed:
            del self.records[gone]
        for patent in (*folded.noted, *folded.put):
            self.records[patent.id] = patent
            for key in patent.keys:
                self.keys[key] = patent.id
        owners = {key: patent.id for patent in self.records.values() for key in patent.keys}
        assert self.keys == owners
        assert sum(len(patent.keys) for patent in self.records.values()) == len(owners)
        return folded


def test_nothing_gives_nothing() -> None:
    assert Shelf().add() == Folded([], [], [], {})


def test_application_and_grant_in_one_file_are_one_record() -> None:
    shelf = Shelf()
    one = taken(title="阀", publication_number="CN104010370A")
    other = taken(title="阀", publication_number="CN104010370B")
    folded = shelf.add(one, other)
    assert (folded.outcomes, folded.targets) == (["new", "merged"], [one.id, one.id])
    assert [patent.publication_numbers for patent in folded.put] == [
        ("CN104010370A", "CN104010370B")
    ]
    assert shelf.add(one, other) == Folded([], ["unchanged"] * 2, [one.id] * 2, {})


def test_seven_digit_numbers_of_a_and_c_are_two_patents() -> None:
    shelf = Shelf()
    one = taken(title="阀", publication_number="CN1234567A")
    other = taken(title="泵", publication_number="CN1234567C")
    assert shelf.add(one, other).outcomes == ["new", "new"]


def test_a_changed_row_updates_and_a_new_number_merges() -> None:
    shelf = Shelf()
    shelf.add(taken(title="阀", publication_number="CN104010370A"))
    changed = shelf.add(taken(title="阀", publication_number="CN104010370A", college="机械学院"))
    assert changed.outcomes == ["updated"]
    grant = shelf.add(taken(title="阀", publication_number="CN104010370B"))
    assert grant.outcomes == ["merged"]
    assert [patent.id for patent in shelf.records.values()] == ["CN104010370A"]


def test_four_patents_of_one_title_and_applicant_stay_four() -> None:
    texts = ["甲乙丙丁戊己", "子丑寅卯辰巳", "东南西北中发", "春夏秋冬风雨"]
    rows = [taken(title="显示装置", applicants="甲公司", abstract=text) for text in texts]
    shelf = Shelf()
    first = shelf.add(*rows)
    assert first.outcomes == ["new"] * 4
    assert len({patent.keys[-1] for patent in first.put}) == 4
    assert shelf.add(*reversed(rows)).outcomes == ["unchanged"] * 4
    assert sorted(shelf.records) == sorted(row.id for row in rows)


def test_ids_of_one_list_keep_alike_texts_apart() -> None:
    text = "本发明提供一种背板，透明导体层与像素电极形成透明电容结构，开口率高"
    fields = {"title": "背板", "applicants": "甲公司"}
    rows = [
        taken(**fields, abstract=text + "。", source_id="aaaaaaaa1"),
        taken(**fields, abstract=text + "且功耗低。", source_id="aaaaaaaa2"),
    ]
    assert Shelf().add(*rows).outcomes == ["new", "new"]
    without_ids = [taken(**fields, abstract=row.abstract) for row in rows]
    assert Shelf().add(*without_ids).outcomes == ["new", "merged"]


def test_an_id_that_means_another_text_in_another_list_joins_nothing() -> None:
    shelf = Shelf()
    shelf.add(taken(title="阀", applicants="甲公司", source_id="00000001"))
    other = taken(title="泵", applicants="乙公司", source_id="00000001")
    assert shelf.add(other).outcomes == ["new"]
    assert shelf.add(other).outcomes == ["unchanged"]


def test_a_corrected_title_keeps_the_record_of_its_list() -> None:
    shelf = Shelf()
    text = "本发明公开了一种阀，包括阀体和阀芯。"
    shelf.add(taken(title="一种闸", applicants="甲公司", abstract=text, source_id="00000001"))
    right = taken(title="一种阀", applicants="甲公司", abstract=text, source_id="00000001")
    assert shelf.add(right).outcomes == ["updated"]
    assert [patent.title for patent in shelf.records.values()] == ["一种阀"]


def test_when_the_number_arrives_the_two_merge_and_the_id_stays() -> None:
    shelf = Shelf()
    bare = taken(title="一种阀", applicants="甲公司", abstract="本发明公开了一种阀。")
    shelf.add(bare)
    numbered = taken(title="一种阀", applicants="甲公司", application_number="201220249767")
    folded = shelf.add(numbered)
    assert (folded.outcomes, folded.targets) == (["merged"], [bare.id])
    assert shelf.records[bare.id].application_number == "CN201220249767.4"
    assert shelf.add(bare, numbered).outcomes == ["unchanged", "unchanged"]


def test_a_number_does_not_go_to_one_of_several_candidates() -> None:
    shelf = Shelf()
    texts = ["甲乙丙丁戊己", "子丑寅卯辰巳"]
    rows = [taken(title="显示装置", applicants="甲公司", abstract=text) for text in texts]
    shelf.add(*rows)
    number = {"title": "显示装置", "applicants": "甲公司", "application_number": "201220249767"}
    assert shelf.add(taken(**number)).outcomes == ["new"]
    told = taken(**{**number, "application_number": "201220249768"}, abstract=texts[1])
    assert shelf.add(told).targets == [rows[1].id]


def test_a_row_that_names_two_records_joins_them() -> None:
    shelf = Shelf()
    filed = taken(title="阀", application_number="201220249767")
    published = taken(title="阀门", publication_number="CN202644312U")
    shelf.add(filed, published)
    both = taken(title="阀", application_number="201220249767", publication_number="CN202644312U")
    folded = shelf.add(both)
    assert (folded.outcomes, folded.targets) == (["merged"], [filed.id])
    assert folded.absorbed == {published.id: filed.id}
    assert list(shelf.records) == [filed.id]
    assert shelf.add(filed, published, both).outcomes == ["unchanged"] * 3


ROWS = st.fixed_dictionaries(
    {"title": st.sampled_from(["阀", "泵"]), "applicants": st.sampled_from(["甲公司", "乙公司"])},
    optional={
        "application_number": st.sampled_from(["201220249767", "201220249768", "201410171234"]),
        "publication_number": st.sampled_from(
            ["CN104010370A", "CN104010370B", "CN202644312U", "CN1234567C"]
        ),
        "abstract": st.sampled_from(["甲乙丙丁戊", "子丑寅卯辰", "春夏秋冬风"]),
        "source_id": st.sampled_from(["aaaaaaaa1", "aaaaaaaa2", "7"]),
    },
)


@settings(max_examples=200, deadline=None)
@given(st.lists(ROWS, max_size=8), st.integers(0, 8))
def test_importing_again_makes_nothing_new(rows: list[dict[str, str]], cut: int) -> None:
    patents = [taken(**row) for row in rows]
    shelf = Shelf()
    shelf.add(*patents[:cut])
    shelf.add(*patents[cut:])
    before = set(shelf.records)
    for batch in (patents, patents[:cut], patents[cut:]):
        folded = shelf.add(*batch)
        assert "new" not in folded.outcomes
        assert set(folded.targets) <= set(shelf.records) <= before
        assert len(folded.outcomes) == len(folded.targets) == len(batch)


def test_the_skeleton_is_the_title_without_filling() -> None:
    assert skeleton("一种锂电池隔膜及其制备方法、装置") == "锂电池隔膜制备"
    assert skeleton("装置及方法") == "装置及方法"


def test_alike_titles_of_one_applicant_are_near_duplicates() -> None:
    method = taken(title="一种铝渣处理方法", applicants="甲公司", publication_number="CN104010370B")
    device = taken(title="铝渣处理装置", applicants="甲公司", publication_number="CN202644312U")
    other = taken(title="铝渣处理装置", applicants="乙公司", publication_number="CN202644313U")
    assert near_duplicates([method, device, other]) == {
        "CN104010370B": "CN202644312U",
        "CN202644312U": "CN104010370B",
    }
    assert near_duplicates([]) == {}


def test_alike_abstracts_count_under_titles_that_begin_alike() -> None:
    text = "本发明公开了一种机械臂固定时间参数辨识与位置同步控制方法，包括建立模型、设计控制器"
    rows = [
        taken(title="机械臂同步控制方法", applicants="甲大学", abstract=text + "。"),
        taken(title="机械臂同步辨识", applicants="甲大学", abstract=text + "等。"),
        taken(title="机械臂同步试验台", applicants="甲大学", abstract="另一种完全不同的结构" * 4),
    ]
    one, other = rows[0].id, rows[1].id
    assert near_duplicates(rows) == {one: other, other: one}


def test_different_abstracts_under_one_title_are_no_duplicates() -> None:
    texts = ["甲乙丙丁戊己庚辛", "子丑寅卯辰巳午未"]
    rows = [taken(title="显示装置", applicants="甲公司", abstract=text) for text in texts]
    assert near_duplicates(rows) == {}


def test_a_mark_names_the_other_record_once() -> None:
    row = taken(title="阀", applicants="甲公司", publication_number="CN104010370B")
    marked = mark(mark(row, "CN1"), "CN2")
    note = "与 CN2 的文本几乎相同，申请人相同，请核对是否重复"
    assert marked.flags == (Flag("near_duplicate", note),)
    assert mark(marked, "CN2") is marked
