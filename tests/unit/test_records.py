"""What a record refuses to be, and what it does not show."""

import pytest

from matcher.errors import BadInput
from matcher.records import Feedback


def test_an_answer_without_grade_reply_and_refusal_is_none() -> None:
    with pytest.raises(BadInput, match="至少要有评分、答复、拒绝原因三者之一"):
        Feedback(need_id="N1", patent_id="P1", note="不错")


def test_an_answer_does_not_show_who_gave_it() -> None:
    answer = Feedback(need_id="N1", patent_id="P1", by="欧阳评审", grade=3)
    assert answer.by == "欧阳评审"
    assert "欧阳评审" not in f"{answer} {answer!r}"
