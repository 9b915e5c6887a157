"""What is needed to transfer a patent, from the columns of the stock-taking template."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from matcher.normalise.cells import Notes, header, is_blank, tidy
from matcher.normalise.lists import (
    licence_modes_of,
    payment_of,
    transfer_modes_of,
    trl_of,
    yes_no,
)
from matcher.normalise.money import NONE, Money, money_of
from matcher.records import NO_TERMS, LicenceMode, Terms

_Value = TypeVar("_Value")
TERM_FIELDS = frozenset(
    ("trl", "licence_mode", "transfer_mode", "price", "payment", "pay_later", "open_licence",
     "funded", "implementation", "self_rating", "scene", "contact")
)  # fmt: skip
_OPEN_PRICES = ("面议", "协商", "议", "待定", "商定", "免费", "无偿", "不限")


def terms_of(fields: Mapping[str, str], notes: Notes) -> Terms:
    """Terms of a row; what cannot be read is flagged and left open."""
    if TERM_FIELDS.isdisjoint(fields):
        return NO_TERMS
    get = fields.get
    price = price_of(fields, "price", notes)
    price_text = "" if is_blank(get("price", "")) else tidy(get("price", ""))
    payment = get("payment", "") or (price_text if _tells_payment(price_text) else "")
    return Terms(
        trl=_read(fields, "trl", trl_of, notes),
        licence_modes=_licences(fields, notes),
        transfer_modes=_read(fields, "transfer_mode", transfer_modes_of, notes) or (),
        price_min=price.low,
        price_max=price.high,
        price_text=price_text,
        payment="" if is_blank(payment) else payment_of(payment),
        pay_later=_read(fields, "pay_later", yes_no, notes),
        funded=_read(fields, "funded", yes_no, notes),
        implementation=_words(fields, "implementation"),
        self_rating=_words(fields, "self_rating"),
        scene=_words(fields, "scene"),
        contact=_words(fields, "contact"),
    )


def price_of(fields: Mapping[str, str], field: str, notes: Notes) -> Money:
    """The amount in a column of money; a header with 元 but not 万元 sets the unit."""
    text = fields.get(field, "")
    if is_blank(text):
        return NONE
    name = header(notes.row, field)
    money = money_of(text, unit="元" if "元" in name and "万元" not in name else "万")
    if money == NONE and not any(word in text for word in _OPEN_PRICES):
        notes.unread(field, text)
    return money


def _read(
    fields: Mapping[str, str], field: str, read: Callable[[str], _Value], notes: Notes
) -> _Value | None:
    text = fields.get(field, "")
    if is_blank(text) and text not in ("无", "没有"):
        return None
    value = read(text)
    if (value is None or value == ()) and not is_blank(text):
        notes.unread(field, text)
    return value


def _licences(fields: Mapping[str, str], notes: Notes) -> tuple[LicenceMode, ...]:
    own = _read(fields, "licence_mode", licence_modes_of, notes) or ()
    other = licence_modes_of(fields.get("transfer_mode", ""))
    opened = _read(fields, "open_licence", yes_no, notes)
    modes: set[LicenceMode] = {*own, *other}
    if opened:
        modes.add("开放许可")
    order: tuple[LicenceMode, ...] = ("独占许可", "排他许可", "普通许可", "开放许可")
    return tuple(mode for mode in order if mode in modes)


def _tells_payment(text: str) -> bool:
    return any(word in text for word in ("提成", "分成", "一次", "入门"))


def _words(fields: Mapping[str, str], field: str) -> str:
    text = fields.get(field, "")
    return "" if is_blank(text) else tidy(text)
