"""A list as a person looks at it before it is taken."""

from pathlib import Path

import pytest

from matcher.errors import BadInput
from matcher.ingest.preview import choices, preview


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "清单.csv"
    path.write_text(text, "utf-8")
    return path


def test_columns_are_shown_with_what_they_were_taken_for_and_their_first_values(
    tmp_path: Path,
) -> None:
    path = write(
        tmp_path, "专利清单,,\n名称,怪列,申请号\n甲,,202410000001X\n乙,二,\n丙,三,\n丁,四,\n"
    )
    (table,) = preview(path, "patent", {})
    assert (table.rows, table.usable) == (4, True)
    assert [(one.header, one.field) for one in table.columns] == [
        ("名称", "title"), ("怪列", ""), ("申请号", "application_number")]  # fmt: skip
    assert [one.samples for one in table.columns] == [
        ("甲", "乙", "丙"), ("二", "三", "四"), ("202410000001X",)]  # fmt: skip


def test_a_column_named_by_a_person_is_what_they_say(tmp_path: Path) -> None:
    path = write(tmp_path, "成果题目,摘要\n一种隔膜,涂覆\n")
    assert not preview(path, "patent", {})[0].usable
    (table,) = preview(path, "patent", {"成果题目": "title"})
    assert table.usable and table.columns[0].field == "title"
    with pytest.raises(BadInput):
        preview(path, "patent", {"成果题目": "nothing"})


def test_the_choices_are_fields_with_their_labels() -> None:
    assert ("title", "标题") in choices("patent") and ("main_problem", "主要问题") in choices(
        "need"
    )
