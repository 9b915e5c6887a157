"""What a record refuses to be, what it does not show, and how the dozen thousand are made."""

import pickle
from dataclasses import FrozenInstanceError, fields, replace

import pytest

from matcher.errors import BadInput
from matcher.records import Feedback, Patent, Row, quick

quick_patent, quick_row = quick(Patent), quick(Row)


def test_a_quick_record_is_equal_to_one_made_the_usual_way() -> None:
    mine = quick_patent(id="1", keys=("k",), title="题", abstract="摘要", pledges=2)
    usual = Patent(id="1", keys=("k",), title="题", abstract="摘要", pledges=2)
    assert type(mine) is Patent
    assert mine == usual and hash(mine) == hash(usual) and repr(mine) == repr(usual)
    assert replace(mine, title="另") == replace(usual, title="另")
    assert pickle.loads(pickle.dumps(mine)) == usual


def test_a_quick_record_is_closed() -> None:
    mine = quick_patent("1", ("k",), "题")
    with pytest.raises(FrozenInstanceError):
        mine.title = "另"


def test_a_quick_record_takes_its_fields_in_their_order() -> None:
    values = {item.name: f"{item.name}?" for item in fields(Patent)}
    assert quick_patent(*values.values()) == Patent(**values)  # type: ignore[arg-type]


def test_a_quick_record_has_the_defaults_of_its_fields() -> None:
    assert quick_row("源", "", 1, {}) == Row("源", "", 1, {})
    bare = quick_patent(id="1", keys=(), title="")
    assert all(
        getattr(bare, item.name) == item.default for item in fields(Patent) if item.name not in
        ("id", "keys", "title")
    )  # fmt: skip


def test_an_answer_without_grade_reply_and_refusal_is_none() -> None:
    with pytest.raises(BadInput, match="至少要有评分、答复、拒绝原因三者之一"):
        Feedback(need_id="N1", patent_id="P1", note="不错")


def test_an_answer_does_not_show_who_gave_it() -> None:
    answer = Feedback(need_id="N1", patent_id="P1", by="欧阳评审", grade=3)
    assert answer.by == "欧阳评审"
    assert "欧阳评审" not in f"{answer} {answer!r}"
