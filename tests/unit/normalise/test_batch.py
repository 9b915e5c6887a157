"""Rows read together are what each is by itself."""

import random
from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.normalise.batch import patents_of
from matcher.normalise.identity import squeeze, title_key, title_keys
from matcher.normalise.patents import patent_of
from matcher.records import Flag, Patent, Rejection, Row

TODAY = date(2026, 11, 23)
USUAL = {
    "publication_number": ("CN104010370B", "CN109000001A", "CN209100133U", "CN305000001S"),
    "publication_date": ("2019.07.09", "2019.07.12"),
    "application_date": ("2014.04.28", "2018.11.12", "2019.07.09"),
    "title": (
        "显示装置",
        "一种 肤质检测系统",
        "Σας ΟΔΟΣ",
        "电池（改）",
        "锂电池_隔膜\u3000",
        "e\u0301A",
    ),
    "kind": ("发明", "实用新型"),
    "publication_stage": ("授权", "公开"),
    "applicants": ("北京邮电大学", "某某有限公司;张三", "富士胶片株式会社", "河南省科学院"),
    "address": ("100876北京市海淀区西土城路10号", "郑州市高新区1号", "日本东京", "某省某市某路"),
    "ipc": ("H04W72/04(2009.01)I;H04W80/00(2009.01)I", "H01M10/052", "A47G9/08(2006.01)I;"),
}
ODD = (
    "", "无", "某日", "2099.01.01", "CN1234567A", "201220249767.4", "201220249767.5", "2.01E+12",
    "US1234567A", "涉密", "授权可见", "终止", "C38", "不是行业", "张三、李四", "3", "10万元",
    "郑州\u200b大学", "\u0301x", "A\x07", "甲\n乙", "江苏;32", "河南", "高新区",
    "91410100MA3X1N9L0P", "B", "H01M；坏",
)  # fmt: skip
OTHERS = ("abstract", "first_claim", "college", "inventors", "owners", "legal_status", "park",
          "region", "city", "grant_date", "expiry_date", "ipc_main", "industry", "source_id",
          "application_number", "grant_number", "kind_code", "level", "pledge_count", "price",
          "credit_code")  # fmt: skip


def rows_of(seed: int, count: int) -> list[Row]:
    """Rows of a gazette, every other one with a cell changed, gone or added."""
    chance = random.Random(seed)
    rows: list[Row] = []
    several = chance.sample(OTHERS, chance.choice((0, 0, 1, 2)))
    for number in range(count):
        fields = {name: chance.choice(texts) for name, texts in USUAL.items()}
        fields |= {name: chance.choice(ODD[1:]) for name in several}
        if chance.random() < 0.5:
            name = chance.choice([*fields, chance.choice(OTHERS)])
            fields[name] = chance.choice((*ODD, *USUAL.get(name, ())))
        headers = {name: f"{name}列" for name in fields} if chance.random() < 0.5 else {}
        told = {name: text for name, text in fields.items() if text}
        rows.append(Row("表.csv", "", number, told, headers))
    return rows


@pytest.mark.parametrize("seed", range(40))
def test_rows_read_together_are_what_each_is_by_itself(seed: int) -> None:
    rows = rows_of(seed, 120)
    assert patents_of(rows, today=TODAY) == [patent_of(row, today=TODAY) for row in rows]


def test_the_odd_rows_are_not_all_that_is_compared() -> None:
    made = [patent_of(row, today=TODAY) for row in rows_of(0, 400)]
    assert sum(isinstance(one, Rejection) for one in made) > 5
    patents = [one for one in made if isinstance(one, Patent)]
    assert sum(bool(patent.flags) for patent in patents) > 50
    assert sum(not patent.flags for patent in patents) > 50


@pytest.mark.parametrize("count", [0, 1, 2, 9])
def test_a_list_of_any_length_is_read(count: int) -> None:
    fields = {name: texts[0] for name, texts in USUAL.items()}
    made = patents_of([Row("表.csv", "", n, fields) for n in range(count)], today=TODAY)
    assert made == [patent_of(Row("表.csv", "", 0, fields), today=TODAY)] * count


@pytest.mark.parametrize("left", [*USUAL, "applicants address", "application_date ipc kind", ""])
def test_fields_that_no_row_has_are_left_blank(left: str) -> None:
    """The last case has nothing but what a row needs."""
    gone = left.split() or sorted(USUAL.keys() - {"title", "publication_number"})
    fields = {name: texts[0] for name, texts in USUAL.items() if name not in gone}
    rows = [Row("表.csv", "", number, fields) for number in range(20)]
    assert patents_of(rows, today=TODAY) == [patent_of(row, today=TODAY) for row in rows]


def test_a_remark_names_the_header_of_its_own_row() -> None:
    fields = {name: texts[0] for name, texts in USUAL.items()} | {"application_date": "某日"}
    rows = [Row("表.csv", "", n, fields, {"application_date": f"日{n}"}) for n in range(9)]
    for number, made in enumerate(patents_of(rows, today=TODAY)):
        assert isinstance(made, Patent)
        assert made.flags == (Flag("unread_value", f"日{number}“某日”未能识别"),)


@given(st.lists(st.tuples(st.text(), st.text())))
def test_the_keys_of_titles_are_those_of_each(pairs: list[tuple[str, str]]) -> None:
    wanted = [
        "T:" + sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
        for text in (f"{squeeze(title)}\x1f{squeeze(name)}" for title, name in pairs)
    ]
    assert title_keys([title for title, _ in pairs], [name for _, name in pairs]) == wanted
    assert [title_key(title, name) for title, name in pairs] == wanted
