"""The life of a match that was pushed: who may take which step from where.

    推送 → 已读 → 愿意对接 / 拒绝        each side for itself
    both 愿意对接 → 洽谈 → 意向 → 签约 → 备案     together

A side may change its answer as long as nothing is under way, and refuse until there is a contract;
what it refuses goes back to where nothing is under way.  Pure functions; every step is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal, get_args

from matcher.access.policy import Side
from matcher.errors import BadInput, WrongStep
from matcher.records import RefusalCode

Answer = Literal["pushed", "read", "willing", "refused"]
Stage = Literal["pushed", "read", "willing", "refused", "meeting", "intention", "contract", "filed"]
STAGES: Mapping[Stage, str] = MappingProxyType({
    "pushed": "推送", "read": "已读", "willing": "愿意对接", "refused": "拒绝",
    "meeting": "洽谈", "intention": "意向", "contract": "签约", "filed": "备案",
})  # fmt: skip
JOINT: tuple[Stage, ...] = ("meeting", "intention", "contract", "filed")
ANSWERS: tuple[Answer, ...] = get_args(Answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: what, for which side (None: by neither, who only pushed), by whom, when (seconds
    since 1970), and what was said.  A key has no person.

    :raises BadInput: a refusal without its code, or a code without a refusal."""

    stage: Stage
    side: Side | None
    organisation_id: str
    person_id: str | None = None
    at: int
    refusal_code: RefusalCode | None = None
    note: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if (self.stage == "refused") != (self.refusal_code is not None):
            raise BadInput("拒绝时请选一项原因(refusal_code),其他步骤不要写原因。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A need and a patent that were brought together.  The owners are those of the day of the
    push; `joint` is how far they came together, None while nothing is under way."""

    id: str
    need_id: str
    patent_id: str
    need_owner: str
    patent_owner: str
    need_answer: Answer = "pushed"
    patent_answer: Answer = "pushed"
    joint: Stage | None = None
    steps: tuple[Step, ...] = ()

    @property
    def agreed(self) -> bool:
        """Whether both sides answered 愿意对接: contact data is shown to either."""
        return self.need_answer == self.patent_answer == "willing"

    @property
    def stage(self) -> Stage:
        """How far it is as a whole."""
        if self.joint is not None:
            return self.joint
        both = (self.need_answer, self.patent_answer)
        if "refused" in both:
            return "refused"
        if self.agreed:
            return "willing"
        return "pushed" if both == ("pushed", "pushed") else "read"

    def answer(self, side: Side) -> Answer:
        """What one side said so far."""
        return self.need_answer if side == "needs" else self.patent_answer


def allowed(lead: Lead, side: Side) -> tuple[Stage, ...]:
    """The steps that a side may take now, in the order of `STAGES`."""
    if lead.joint is None:
        said = lead.answer(side)
        free: list[Stage] = [one for one in ANSWERS[1:] if one != said and one != "read"]
        if said == "pushed":
            free.insert(0, "read")
        return (*free, "meeting") if lead.agreed else tuple(free)
    further = JOINT[JOINT.index(lead.joint) + 1 :][:1]
    bound = JOINT.index(lead.joint) >= JOINT.index("contract")
    return further if bound else ("refused", *further)


def taken(lead: Lead, step: Step) -> Lead:
    """The lead after a step.  :raises WrongStep: not from here, or not by this side."""
    if step.side is None:
        raise WrongStep("只有需求方和专利方可以推进这项对接。")
    free = allowed(lead, step.side)
    if step.stage not in free:
        named = "、".join(STAGES[one] for one in free) or "没有"
        raise WrongStep(
            f"这项对接现在是“{STAGES[lead.stage]}”,不能记为“{STAGES[step.stage]}”,未作改动。"
            f"您现在可以选的是:{named}。"
        )
    steps = (*lead.steps, step)
    if step.stage in JOINT:
        return replace(lead, joint=step.stage, steps=steps)
    (said,) = (one for one in ANSWERS if one == step.stage)
    if step.side == "needs":
        return replace(lead, need_answer=said, joint=None, steps=steps)
    return replace(lead, patent_answer=said, joint=None, steps=steps)
