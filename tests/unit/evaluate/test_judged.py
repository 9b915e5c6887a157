"""Judged pairs read from files, and what is said of lines that cannot be used."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matcher.errors import BadInput, NothingUsable, UnknownId, UnreadableFile
from matcher.evaluate.judged import Judged, joined, read_judged, read_needs
from matcher.records import Need, Patent

NEEDS = (
    {"id": "N1", "title": "防爆锂电池", "content": "电池会爆。"},
    {"id": 2, "title": "", "content": "污水处理。", "main_problem": "氨氮高"},
)
HELD = Patent(id="P9", keys=(), title="库中的专利")
SHARED = Path(__file__).parents[4] / "shared" / "data"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(name: str, *lines: Mapping[str, Any] | str) -> Path:
        path = tmp_path / name
        texts = [
            line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)
            for line in lines
        ]
        path.write_text("\n".join(texts) + "\n", "utf-8")
        return path

    return written


def read(write: Write, *lines: Mapping[str, Any] | str) -> Judged:
    """The lines as pairs, with two needs known and one patent held elsewhere."""
    needs = read_needs(write("needs.jsonl", *NEEDS))

    def need(id: str) -> Need:
        if id not in needs:
            raise UnknownId(f"没有需求 {id}。")
        return needs[id]

    def patent(id: str) -> Patent:
        if id != HELD.id:
            raise UnknownId(f"没有专利 {id}。")
        return HELD

    return read_judged(write("pairs.jsonl", *lines), need, patent)


def refused(write: Write, *lines: Mapping[str, Any] | str) -> list[str]:
    with pytest.raises(BadInput) as caught:
        read(write, *lines)
    return caught.value.message.splitlines()


def test_needs_are_read_with_the_sections_they_have(write: Write) -> None:
    assert read_needs(write("needs.jsonl", *NEEDS)) == {
        "N1": Need(id="N1", title="防爆锂电池", content="电池会爆。"),
        "2": Need(id="2", title="", content="污水处理。", main_problem="氨氮高"),
    }


def test_an_achievement_is_terms_or_text_or_known_elsewhere(write: Write) -> None:
    judged = read(
        write,
        {
            "need_id": "N1",
            "achievement_id": "A1",
            "achievement_terms": ["锂电池", "隔膜"],
            "grade": 4,
        },
        "",
        {
            "need_id": "2",
            "achievement_id": "A2",
            "title": "生物膜",
            "abstract": "填料",
            "grade": 3.0,
        },
        {"need_id": 2, "achievement_id": "A3", "achievement_terms": [], "grade": 1},
        {"need_id": "N1", "patent_id": "P9", "grade": 2},
    )
    assert [need.id for need in judged.needs] == ["N1", "2", "2", "N1"]
    assert judged.patents == (
        Patent(id="A1", keys=(), title="锂电池隔膜"),
        Patent(id="A2", keys=(), title="生物膜", abstract="填料"),
        Patent(id="A3", keys=(), title=""),
        HELD,
    )
    assert judged.grades.tolist() == [4, 3, 1, 2]


@pytest.mark.parametrize(
    ("terms", "text"),
    [
        (["LED", "散热器"], "LED散热器"),
        (["基于", "LED", "PWM", "调光"], "基于LED PWM调光"),
        (["3D", "打印", "5G", "2.4GHz"], "3D打印5G 2.4GHz"),
        (["C++", "语言", ""], "C++语言"),
        ([], ""),
    ],
)
def test_terms_join_to_a_title(terms: list[str], text: str) -> None:
    assert joined(terms) == text


def test_every_bad_line_is_named_with_what_is_wrong(write: Write) -> None:
    told = {"achievement_id": "A", "achievement_terms": ["膜"]}
    lines = refused(
        write,
        '{"need_id": "N1", "achie',
        {"need_id": "N7", **told, "grade": 1},
        {"need_id": "N1", **told, "grade": 5},
        {"need_id": "N1", **told, "grade": 1},
        {"need_id": "N1", **told},
        {"need_id": "N1", "achievement_id": "P8", "grade": 2},
        "[1]",
        {"need_id": "N1", "title": "膜", "grade": 2},
    )
    assert lines[0].endswith("pairs.jsonl 有 7 行不能用,没有进行评测。请改正后再试:")
    assert lines[1:] == [
        "  第 1 行:不是完整的 JSON。",
        "  第 2 行:没有需求 N7。",
        "  第 3 行:grade 是 5,应是 1、2、3、4 之一。",
        "  第 5 行:缺少 grade。",
        "  第 6 行:没有专利 P8。",
        "  还有 2 行。",
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"grade": True}, "grade 是 true,应是 1、2、3、4 之一。"),
        ({"grade": "4"}, 'grade 是 "4",应是 1、2、3、4 之一。'),
        ({"grade": 2.5}, "grade 是 2.5,应是 1、2、3、4 之一。"),
        ({"achievement_terms": "膜"}, "achievement_terms 应是词语的列表。"),
        ({"achievement_terms": ["膜", 1]}, "achievement_terms 应是词语的列表。"),
        ({"achievement_id": None}, "缺少 achievement_id 或 patent_id。"),
        ({"need_id": " "}, "缺少 need_id。"),
        ({"abstract": 7}, "abstract 应是一段文字。"),
    ],
)
def test_a_wrong_value_is_explained(change: dict[str, Any], reason: str, write: Write) -> None:
    line = {"need_id": "N1", "achievement_id": "A", "achievement_terms": ["膜"], "grade": 4}
    assert refused(write, {**line, **change})[1:] == [f"  第 1 行:{reason}"]


def test_a_need_twice_or_without_words_is_refused(write: Write) -> None:
    path = write("needs.jsonl", NEEDS[0], {"id": "N3", "title": " "}, {**NEEDS[0], "title": "别的"})
    with pytest.raises(BadInput) as caught:
        read_needs(path)
    assert caught.value.message.splitlines()[1:] == [
        "  第 2 行:title 和 content 都是空的。",
        "  第 3 行:需求编号“N1”在前面已经出现过。",
    ]
    assert caught.value.details == {"path": str(path), "lines": [2, 3]}


def test_a_file_that_is_no_text_or_not_there_or_empty_is_refused(
    write: Write, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableFile, match="打不开"):
        read_needs(tmp_path / "none.jsonl")
    (tmp_path / "gbk.jsonl").write_bytes("需求".encode("gbk"))
    with pytest.raises(UnreadableFile, match="不是 UTF-8"):
        read_needs(tmp_path / "gbk.jsonl")
    with pytest.raises(NothingUsable, match="一行也没有"):
        read(write, "")


def test_a_line_separator_inside_a_text_does_not_end_the_line(write: Write) -> None:
    held = read_needs(write("needs.jsonl", '\ufeff{"id": "N", "title": "甲\u2028乙"}'))
    assert held["N"].title == "甲\u2028乙"


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no real judged pairs in {SHARED}")
def test_the_pairs_of_the_transfer_staff_are_read() -> None:
    needs = read_needs(SHARED / "demand/needs.jsonl")
    judged = read_judged(SHARED / "judged/pairs_train.jsonl", needs.__getitem__, lambda id: HELD)
    assert np.bincount(judged.grades).tolist() == [0, 3301, 3157, 662, 256]
    assert len({need.id for need in judged.needs}) == 236
    assert judged.patents[0].title == "高活性氟化锂制备方法氟磺酰亚胺制备方法"
    assert HELD not in judged.patents
