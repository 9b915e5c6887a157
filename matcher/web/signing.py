"""Signing in: counted tries, a password, a session."""

import unicodedata
from functools import lru_cache

from matcher.access.people import Membership, Person, email_of
from matcher.errors import BadInput, SignInNeeded, TooManyTries
from matcher.store.secret import aged, fits, hashed, new_token
from matcher.web.desk import Desk

SENDERS = 10
WRONG = "电子邮箱或密码不对。请核对后再试。"


def prove(desk: Desk, email: str, password: str, sender: str) -> Person:
    """The person of this address and password.  Who has no account waits as long, and is counted
    as anybody.

    :raises SignInNeeded: they do not fit.  :raises TooManyTries: locked for a while."""
    held = desk.matcher.store.credentials
    most, now = desk.settings.service.tries, desk.now
    address = desk.digest("subject", f"email {email}")
    origin = desk.digest("subject", f"sender {sender}")
    since = now - desk.settings.service.lock_minutes * 60
    _refuse(desk, address, most)
    _refuse(desk, origin, most * SENDERS)
    held.count_try(address, since=since, now=now)  # first, so that tries side by side count too
    found = desk.matcher.store.accounts.by_email(email)
    given = unicodedata.normalize("NFC", password)
    with desk.hashing:
        right = fits(found[1] if found else _nobody(), given)
    if found is None or not right:
        held.count_try(origin, since=since, now=now)
        raise SignInNeeded(WRONG)
    held.forget_tries(address)
    if aged(found[1]):
        with desk.hashing:
            desk.matcher.store.accounts.set_password(found[0].id, hashed(given))
    return found[0]


def begin(desk: Desk, person: Person, organisation_id: str | None) -> str:
    """A session's token, for one of the person's organisations.

    :raises BadInput: the person is no member of it."""
    member = chosen(desk.matcher.store.accounts.memberships(person.id), organisation_id)
    token, now = new_token(), desk.now
    desk.matcher.store.credentials.open_session(
        desk.digest("session", token),
        person.id,
        member.organisation.id if member else None,
        now=now,
        until=now + desk.settings.service.session_hours * 3600,
    )
    return token


def chosen(held: list[Membership], organisation_id: str | None) -> Membership | None:
    """The one asked for, else the first.  :raises BadInput: there is none such."""
    if organisation_id is None:
        return held[0] if held else None
    for one in held:
        if one.organisation.id == organisation_id:
            return one
    raise BadInput("您不是这个机构的成员。请核对机构的编号。")


def count_letter(desk: Desk, email: str, sender: str) -> None:
    """One more letter was asked for, whoever has this address.  :raises TooManyTries: too many."""
    held, now = desk.matcher.store.credentials, desk.now
    since = now - desk.settings.service.lock_minutes * 60
    most = desk.settings.service.tries
    for told, limit in ((f"letter to {email}", most), (f"letters by {sender}", most * SENDERS)):
        subject = desk.digest("subject", told)
        _refuse(desk, subject, limit)
        held.count_try(subject, since=since, now=now)


def address_of(text: str) -> str:
    """As `email_of`, for one who signs in: what is no address fits nobody."""
    try:
        return email_of(text)
    except BadInput:
        raise SignInNeeded(WRONG) from None


def _refuse(desk: Desk, subject: str, most: int) -> None:
    """:raises TooManyTries: too many failed, the last not long ago.  This one does not count."""
    pause, now = desk.settings.service.lock_minutes * 60, desk.now
    failures, last = desk.matcher.store.credentials.tries(subject, since=now - pause)
    if failures >= most:
        wait = max(1, last + pause - now)
        raise TooManyTries(
            f"次数太多,暂时锁定。请在 {-(-wait // 60)} 分钟后再试。", retry_after=wait
        )


@lru_cache(maxsize=1)
def _nobody() -> str:
    """A hash that nothing fits, so that an unknown address takes as long as a known one."""
    return hashed(new_token())
