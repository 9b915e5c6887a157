"""Which need and patent a row means."""

import pytest

from matcher.normalise.cells import Notes
from matcher.normalise.pairing import Asked, Known, asked_in, need_in, patent_in
from matcher.records import Problem, Row

FILM, ALLOY = "CN202219001622.8", "CN202219031053.1"
KNOWN = Known(
    needs={"XQ-1", "XQ-2", "XQ-3"},
    patents={FILM, ALLOY, "N-0123456789abcdef"},
    keys={
        f"A:{FILM}": FILM, f"A:{ALLOY}": ALLOY, "P:CN190001588": FILM, "S:库内编号0007": ALLOY,
    },
    need_titles={"隔膜": ["XQ-1"], "铝合金": ["XQ-2", "XQ-3"]},
    patent_titles={"一种隔膜": [FILM], "一种装置": [ALLOY, "N-0123456789abcdef"]},
)  # fmt: skip


def row(**fields: str) -> Row:
    return Row("表.csv", "", 2, fields)


def read(**fields: str) -> tuple[str, list[Problem]]:
    """The need or patent, and what was wrong."""
    notes = Notes(row(**fields))
    need = any(name.startswith("need") for name in fields)
    found = (need_in if need else patent_in)(fields, KNOWN, notes)
    return found, notes.problems


@pytest.mark.parametrize(
    ("fields", "id"),
    [
        ({"need_id": "XQ-1"}, "XQ-1"),
        ({"need_id": " XQ-2 "}, "XQ-2"),
        ({"need_title": "隔膜"}, "XQ-1"),
        ({"need_title": "XQ-3"}, "XQ-3"),
        ({"need_id": "隔膜"}, "XQ-1"),
        ({"need_id": "XQ-3", "need_title": "铝合金"}, "XQ-3"),
        ({"need_id": "7", "need_title": "隔膜"}, "XQ-1"),
        ({"need_id": "XQ-1", "need_title": "改过的名称"}, "XQ-1"),
    ],
)
def test_a_need_is_found_by_its_id_or_its_title(fields: dict[str, str], id: str) -> None:
    assert read(**fields) == (id, [])


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        (
            {"need_title": "铝合金"},
            Problem("ambiguous_need", "需求名称", "铝合金", "名为“铝合金”的需求不止一条:XQ-2、XQ-3",
                    "请填上需求的编号后再导入"),
        ),
        (
            {"need_id": "XQ-9"},
            Problem("unknown_need", "需求编号", "XQ-9", "库里没有“XQ-9”这条需求",
                    "请核对编号或名称;如果还没有导入,请先运行 patmatch needs add 文件"),
        ),
        (
            {"need_id": "XQ-1", "need_title": "铝合金"},
            Problem("conflicting_need", "需求编号", "", "这一行写的不是同一条需求:XQ-1、XQ-2、XQ-3",
                    "请核对需求的编号与名称后再导入"),
        ),
        (
            {"need_title": "无"},
            Problem("no_need", "需求名称", "", "没有写明是哪条需求",
                    "请补上需求的编号或名称后再导入"),
        ),
    ],
)  # fmt: skip
def test_a_need_that_is_not_just_one_is_refused(fields: dict[str, str], problem: Problem) -> None:
    assert read(**fields) == ("", [problem])


@pytest.mark.parametrize(
    ("fields", "id"),
    [
        ({"application_number": "ZL202219001622.8"}, FILM),
        ({"application_number": "2022190016228"}, FILM),
        ({"patent_number": "ZL 202219001622.8"}, FILM),
        ({"publication_number": "CN190001588B"}, FILM),
        ({"publication_number": "CN190001588A；CN190001588B"}, FILM),
        ({"grant_number": "CN190001588B", "application_number": FILM}, FILM),
        ({"patent_id": "N-0123456789abcdef"}, "N-0123456789abcdef"),
        ({"patent_id": "库内编号0007"}, ALLOY),
        ({"patent_id": FILM, "patent_title": "一种隔膜"}, FILM),
        ({"patent_title": "一种隔膜"}, FILM),
        ({"patent_title": "CN202219031053.1"}, ALLOY),
        ({"patent_id": "P-7", "patent_title": "一种隔膜"}, FILM),
        ({"application_number": "2.02219E+12", "patent_title": "一种隔膜"}, FILM),
        ({"patent_title": "一种装置", "application_number": ALLOY}, ALLOY),
    ],
)
def test_a_patent_is_found_by_any_number_its_id_or_its_title(
    fields: dict[str, str], id: str
) -> None:
    assert read(**fields) == (id, [])


@pytest.mark.parametrize(
    ("fields", "code", "column", "reason"),
    [
        ({"patent_title": "一种装置"}, "ambiguous_patent", "专利名称",
         f"名为“一种装置”的专利不止一件:{ALLOY}、N-0123456789abcdef"),
        ({"patent_title": "一种阀门"}, "unknown_patent", "专利名称", "库里没有“一种阀门”这件专利"),
        ({"application_number": "CN201619143531.2", "patent_title": "一种隔膜"}, "unknown_patent",
         "申请号", "库里没有“CN201619143531.2”这件专利"),
        ({"patent_id": "CN201619143531.2", "patent_title": "一种隔膜"}, "unknown_patent",
         "专利编号", "库里没有“CN201619143531.2”这件专利"),
        ({"application_number": "CN202219001622.9"}, "wrong_check_digit", "申请号",
         "申请号“CN202219001622.9”校验位不对（应为 8）"),
        ({"patent_id": FILM, "application_number": ALLOY}, "conflicting_patent", "专利编号",
         f"这一行写的不是同一件专利:{FILM}、{ALLOY}"),
        ({"application_number": ALLOY, "patent_title": "一种隔膜"}, "conflicting_patent", "申请号",
         f"这一行写的不是同一件专利:{ALLOY}、{FILM}"),
        ({"patent_title": "-"}, "no_patent", "专利名称", "没有写明是哪件专利"),
    ],
)  # fmt: skip
def test_a_patent_that_is_not_just_one_is_refused(
    fields: dict[str, str], code: str, column: str, reason: str
) -> None:
    found, (problem,) = read(**fields)
    assert (found, problem.code, problem.column, problem.reason) == ("", code, column, reason)


def test_what_to_look_for_is_every_name_once_and_sorted() -> None:
    rows = [
        row(need_id="XQ-1", need_title="隔膜", patent_id=FILM, patent_title="一种隔膜"),
        row(need_id="XQ-1", publication_number="CN190001588B", patent_title="一种隔膜"),
        row(need_title="无"),
    ]
    assert asked_in(rows) == Asked(
        needs=("XQ-1", "隔膜"),
        patents=("CN190001588B", FILM, "一种隔膜"),
        keys=(
            "A:CN190001588B", f"A:{FILM}", "A:一种隔膜", "P:CN190001588", "S:CN190001588B",
            f"S:{FILM}", "S:一种隔膜",
        ),
    )  # fmt: skip
    assert asked_in([]) == Asked((), (), ())
