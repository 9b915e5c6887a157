"""The life of a match against a table written by hand: from each state, what each side may do."""

from collections.abc import Sequence
from itertools import product

import pytest

from matcher.access.life import ANSWERS, JOINT, STAGES, Lead, Stage, Step, allowed, taken
from matcher.access.policy import Side
from matcher.errors import BadInput, WrongStep

# what the need's side, and the patent's, said so far; how far they came together ->
# the stage as a whole; what the need's side may do, and the patent's
TABLE = """
pushed   pushed   -          pushed     read,willing,refused  read,willing,refused
read     pushed   -          read       willing,refused       read,willing,refused
willing  pushed   -          read       refused               read,willing,refused
refused  pushed   -          refused    willing               read,willing,refused
pushed   read     -          read       read,willing,refused  willing,refused
read     read     -          read       willing,refused       willing,refused
willing  read     -          read       refused               willing,refused
refused  read     -          refused    willing               willing,refused
pushed   willing  -          read       read,willing,refused  refused
read     willing  -          read       willing,refused       refused
willing  willing  -          willing    refused,meeting       refused,meeting
refused  willing  -          refused    willing               refused
pushed   refused  -          refused    read,willing,refused  willing
read     refused  -          refused    willing,refused       willing
willing  refused  -          refused    refused               willing
refused  refused  -          refused    willing               willing
willing  willing  meeting    meeting    refused,intention     refused,intention
willing  willing  intention  intention  refused,contract      refused,contract
willing  willing  contract   contract   filed                 filed
willing  willing  filed      filed      -                     -
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]


def lead(need: str, patent: str, joint: str) -> Lead:
    return Lead(
        id="m-1", need_id="N", patent_id="P", need_owner="company", patent_owner="centre",
        need_answer=need, patent_answer=patent, joint=None if joint == "-" else joint,
        steps=(step("pushed", "patents"),),
    )  # type: ignore[arg-type]  # fmt: skip


def step(stage: Stage, side: Side | None) -> Step:
    code = "方向不符" if stage == "refused" else None
    return Step(stage=stage, side=side, organisation_id="x", at=1, refusal_code=code)  # type: ignore[arg-type]


def names(cell: str) -> Sequence[str]:
    return [] if cell == "-" else cell.split(",")


def test_the_table_has_every_state_there_is() -> None:
    answers = {(need, patent, "-") for need, patent in product(ANSWERS, ANSWERS)}
    assert {tuple(row[:3]) for row in ROWS} == answers | {
        ("willing", "willing", joint) for joint in JOINT
    }


@pytest.mark.parametrize("row", ROWS, ids=["-".join(row[:3]) for row in ROWS])
def test_each_side_may_do_what_the_table_says_and_nothing_else(row: list[str]) -> None:
    need, patent, joint, stage, of_need, of_patent = row
    before = lead(need, patent, joint)
    assert before.stage == stage
    assert before.agreed == (need == patent == "willing")
    for side, cell in (("needs", of_need), ("patents", of_patent)):
        assert list(allowed(before, side)) == names(cell)  # type: ignore[arg-type]
        for wanted in STAGES:
            if wanted in names(cell):
                after = taken(before, step(wanted, side))  # type: ignore[arg-type]
                assert after.steps == (*before.steps, step(wanted, side))  # type: ignore[arg-type]
                expected = [need, patent, joint if joint != "-" else None]
                if wanted in JOINT:
                    expected[2] = wanted
                else:
                    expected[0 if side == "needs" else 1], expected[2] = wanted, None
                assert [after.need_answer, after.patent_answer, after.joint] == expected
            else:
                with pytest.raises(WrongStep):
                    taken(before, step(wanted, side))  # type: ignore[arg-type]


def test_who_belongs_to_neither_side_takes_no_step() -> None:
    with pytest.raises(WrongStep, match="只有需求方和专利方"):
        taken(lead("willing", "willing", "-"), step("meeting", None))


def test_a_wrong_step_is_told_with_what_may_be_done() -> None:
    with pytest.raises(WrongStep) as caught:
        taken(lead("willing", "willing", "meeting"), step("filed", "needs"))
    assert str(caught.value) == (
        "这项对接现在是“洽谈”,不能记为“备案”,未作改动。您现在可以选的是:拒绝、意向。"
    )


def test_a_refusal_has_a_code_and_nothing_else_has_one() -> None:
    for stage, code in (("refused", None), ("willing", "其他")):
        with pytest.raises(BadInput, match="拒绝时请选一项原因"):
            Step(stage=stage, side="needs", organisation_id="x", at=1, refusal_code=code)  # type: ignore[arg-type]
