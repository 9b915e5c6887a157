"""A new password: for who knows the old one, and for who gets our letter."""

import hmac

from fastapi import APIRouter, Request

from matcher.access.people import Person, email_of, password_of
from matcher.errors import UnknownId
from matcher.store.secret import hashed, new_id
from matcher.web.desk import Desk, DeskDep
from matcher.web.guard import CallerDep, cookie_name
from matcher.web.outgoing import RESET_MINUTES, reset_token
from matcher.web.session import sender
from matcher.web.shapes import Asked, Email, Password, Token
from matcher.web.signing import count_letter, prove

router = APIRouter(tags=["password"])
GONE = "这个重设密码的网址不对、已用过或已过期。请重新申请一封。"


class ForgottenIn(Asked):
    """Whose password is forgotten."""

    email: Email


class ResetIn(Asked):
    """The token out of the letter, and the new password."""

    token: Token
    password: Password


class PasswordIn(Asked):
    """The old password and the new one."""

    old: Password
    new: Password


@router.post("/password/forgotten", status_code=202)
def forgotten(asked: ForgottenIn, desk: DeskDep, request: Request) -> None:
    """Have a letter sent with an address where a new password is chosen.  Whether anybody has
    this address is not told."""
    ask_for_letter(desk, asked.email, sender(request))


def ask_for_letter(desk: Desk, text: str, origin: str) -> None:
    """To whoever has this address, asked for from there.  :raises BadInput, TooManyTries: ..."""
    email = email_of(text)
    count_letter(desk, email, origin)
    found = desk.matcher.store.accounts.by_email(email)
    if found is not None:
        now = desk.now
        held = desk.matcher.store.credentials
        held.open_reset(new_id("r"), found[0].id, now=now, until=now + RESET_MINUTES * 60)


@router.post("/password/reset", status_code=204)
def reset(asked: ResetIn, desk: DeskDep) -> None:
    """Choose a new password with the token of the letter; all sessions end."""
    set_anew(desk, asked)


def set_anew(desk: Desk, asked: ResetIn) -> None:
    """As `reset`.  :raises UnknownId: no such letter.  :raises BadInput: the password is weak."""
    id = asked.token.partition(".")[0]
    held = desk.matcher.store.credentials.reset(id, now=desk.now)
    right = reset_token(desk.secret, id, *held) if held else ""
    if held is None or not hmac.compare_digest(right.encode(), asked.token.encode()):
        raise UnknownId(GONE)
    person = desk.matcher.store.accounts.person(held[0])
    assert person is not None  # the letter's row refers to it
    _change(desk, person, asked.password)


@router.put("/me/password", status_code=204)
def change(asked: PasswordIn, desk: DeskDep, caller: CallerDep, request: Request) -> None:
    """Another password; all other sessions end."""
    assert caller.person is not None
    person = prove(desk, caller.person.email, asked.old, sender(request))
    _change(desk, person, asked.new, request.cookies[cookie_name(desk)])


def _change(desk: Desk, person: Person, password: str, session: str = "") -> None:
    chosen = password_of(password, person.email)
    with desk.hashing:
        kept = hashed(chosen)
    staying = desk.digest("session", session) if session else ""
    desk.matcher.store.credentials.change_password(person.id, kept, staying=staying)
