"""What a centre says of its patents for transfer: of one or of many at once, and taken back."""

from collections import Counter
from typing import Any

from fastapi import APIRouter
from pydantic import ValidationError

from matcher.access.policy import may_with
from matcher.entering import terms_changed
from matcher.errors import BadInput, MatcherError
from matcher.pages.forms import WRONG, Form, FormDep, said
from matcher.pages.frame import Visit, VisitDep
from matcher.pages.patents import PatentsAsk, listed_page, shown_page
from matcher.records import Patent
from matcher.store.revisions import Standing
from matcher.store.secret import new_id
from matcher.web.entering import OTHERS
from matcher.web.entering_shapes import JOINT
from matcher.web.records import visible
from matcher.web.undoing import keep_pairs, undo
from matcher.web.uploads import kept_file, returned

router = APIRouter(include_in_schema=False)
FIELDS = ("trl", "price", "payment", "pay_later", "scene", "contact")


@router.post("/patents/terms")
def change_terms(visit: VisitDep, form: FormDep) -> Any:
    """Say the same of all that are ticked: what is left blank stays as it is."""
    ids, one = form.all("ids"), form.one("only")
    asked = _place(form)
    try:
        done, wrong, back = _changed(visit, form, ids)
    except WRONG as error:
        done, wrong, back = "", said(error), ""
    if one:
        return shown_page(visit, one, notice=wrong, done=done, undo=back)
    return listed_page(visit, asked, notice=wrong, done=done, undo=back)


@router.post("/patents/undo")
def take_back(visit: VisitDep, form: FormDep) -> Any:
    """Put back what a change of many changed; what was changed since is left alone."""
    try:
        path = kept_file(visit.desk, visit.caller, form.one("change"), "undo")
        told = undo(visit.desk, visit.caller, path)
    except WRONG as error:
        return listed_page(visit, PatentsAsk(), notice=said(error))
    done = f"已撤销:{told.restored} 件专利恢复原样"
    if told.left:
        done += f",{told.left} 件之后又改过,没有动"
    return listed_page(visit, PatentsAsk(), done=f"{done}。")


def _place(form: Form) -> PatentsAsk:
    """The page of the table that the form stood on, else the first."""
    try:
        return PatentsAsk.model_validate({
            "after": form.one("after"), "q": form.one("q") or None, "order": form.one("order"),
        })  # fmt: skip
    except ValidationError:
        return PatentsAsk()


def _changed(visit: Visit, form: Form, ids: tuple[str, ...]) -> tuple[str, str, str]:
    """Each as it was read a moment ago: what was done, what went wrong, and by which id the change
    can be taken back; that is kept before anything is changed."""
    told = {name: form.one(name) for name in FIELDS if form.one(name)}
    for name in ("licence_mode", "transfer_mode"):
        if form.all(name):
            told[name] = JOINT.join(form.all(name))
    if not ids:
        raise BadInput("没有勾选专利,没有改动。请先勾选要改的行。")
    if not told:
        raise BadInput("没有填要改的内容,没有改动。留空的项保持原样。")
    pairs = []
    for id in ids:
        record, held = visible(visit.desk, visit.caller, "patents", id)
        if not (may_with(visit.caller, "edit", held) and isinstance(record, Patent)):
            raise BadInput(f"{OTHERS}编号:{id}")
        pairs.append((record, terms_changed(record, told)))
    changed = [(before, after) for before, after in pairs if before != after]
    if not changed:
        return "0 件专利的转化信息已改好:原来就是这样。", "", ""
    back = new_id("u")
    keep_pairs(returned(visit.desk, visit.caller) / f"{back}.undo", "patent", changed)
    failed: Counter[str] = Counter()
    for before, after in changed:
        try:
            visit.desk.matcher.store.revisions.change(before, after, Standing())
        except MatcherError as error:
            failed[error.message] += 1
    count = len(changed) - failed.total()
    done = f"{count} 件专利的转化信息已改好。" if count else ""
    wrong = "".join(f"{times} 件没有改:{message}" for message, times in failed.items())
    return done, wrong, back if count else ""
