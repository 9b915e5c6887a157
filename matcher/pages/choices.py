"""What the caller may answer to a pair of need and patent on a page, the answer itself, and which
records the caller keeps as favourites."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import get_args

from matcher.access.life import STAGES, Lead
from matcher.access.policy import Side, acting, may
from matcher.errors import Taken
from matcher.pages.forms import Form
from matcher.pages.frame import Visit
from matcher.records import RefusalCode
from matcher.web.answering import FeedbackIn, give_feedback
from matcher.web.life import push, step
from matcher.web.life_shapes import PushIn, StepIn

REASONS: tuple[RefusalCode, ...] = get_args(RefusalCode)
WILLING = "已答复愿意对接,对方会收到;双方都愿意后,彼此看得到联系方式。"
PUSHED = "这一项已经推送过,已记下您的答复。"
REFUSED = "已记下“暂不”和原因,以后的推荐会参考。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A pair that may be answered, or what was answered: the stage it is at and its address, or the
    reason why not."""

    need_id: str
    patent_id: str
    stage: str
    address: str
    refused: str
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Star:
    """A record that may be kept as a favourite, whether it is, and the page to come back to."""

    side: Side
    id: str
    kept: bool
    back: str

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return f"star-{sha256(self.id.encode()).hexdigest()[:10]}"


def stars(visit: Visit, side: Side, ids: Sequence[str]) -> Mapping[str, Star]:
    """For each of these records; none for who keeps no favourites."""
    caller, mine = visit.caller, acting(visit.caller)
    if not may(caller, "watch") or mine is None:
        return {}
    kept = visit.desk.matcher.store.favourites.kept(visit.person, mine, side, ids)
    return {id: Star(side=side, id=id, kept=id in kept, back=visit.place) for id in ids}


def star(visit: Visit, side: Side, id: str) -> Star | None:
    """Of one record."""
    return stars(visit, side, [id]).get(id)


def choices(
    visit: Visit, pairs: Iterable[tuple[str, str]], side: Side
) -> Mapping[tuple[str, str], Choice]:
    """For each pair of need and patent; `side` is the one that all pairs share."""
    wanted, caller, mine = list(pairs), visit.caller, acting(visit.caller)
    if mine is None or not wanted:
        return {}
    store = visit.desk.matcher.store
    at = 0 if side == "needs" else 1
    shared = sorted({pair[at] for pair in wanted})
    leads = {(one.need_id, one.patent_id): one for one in
             store.leads.of_records(mine, side, shared)}  # fmt: skip
    needs = sorted({need for need, _ in wanted})
    refused = {(one.need_id, one.patent_id): one.refusal_code or "暂不"
               for one in store.feedback_of(needs)
               if one.by == mine and (one.refusal_code or one.reply == "暂不")}  # fmt: skip
    return {pair: _choice(pair, leads.get(pair), refused.get(pair, ""), may(caller, "answer"))
            for pair in wanted}  # fmt: skip


def _choice(pair: tuple[str, str], lead: Lead | None, refused: str, writes: bool) -> Choice:
    return Choice(
        need_id=pair[0], patent_id=pair[1], stage=STAGES[lead.stage] if lead else "",
        address=f"/lead?id={lead.id}" if lead else "", refused="" if lead else refused,
        open=writes and lead is None and not refused,
    )  # fmt: skip


def answered(visit: Visit, form: Form) -> str:
    """Take up what the form says of a pair, and what to tell.

    :raises MatcherError: as `push`, `step` and `give_feedback` do."""
    desk, caller = visit.desk, visit.caller
    need_id, patent_id = form.one("need_id"), form.one("patent_id")
    reason = form.one("refusal_code")
    if reason:
        asked = FeedbackIn.model_validate({
            "need_id": need_id, "patent_id": patent_id, "reply": "暂不", "refusal_code": reason,
        })  # fmt: skip
        give_feedback(asked, desk, caller)
        return REFUSED
    try:
        push(PushIn(need_id=need_id, patent_id=patent_id, willing=True), desk, caller)
    except Taken as error:
        step(str(error.details.get("id", "")), StepIn(stage="willing"), desk, caller)
        return PUSHED
    return WILLING
