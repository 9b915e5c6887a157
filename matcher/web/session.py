"""Signing in and out, oneself, and keys that act for oneself."""

from fastapi import APIRouter, Request, Response

from matcher.access.people import Caller, Person, password_of
from matcher.errors import NotAllowed, SignInNeeded, UnknownId
from matcher.store.credentials import Key
from matcher.store.secret import KEY_PREFIX, hashed, new_id, new_token
from matcher.web.desk import Desk, DeskDep
from matcher.web.guard import CallerDep, cookie_name, csrf_token
from matcher.web.shapes import AcceptIn, Id, KeyIn, KeyOut, Me, NewKey, SignIn
from matcher.web.signing import address_of, begin, prove
from matcher.web.told import key_told, membership_told, organisation_told, person_told

router = APIRouter(tags=["session"])
DAY = 86400


@router.post("/session", status_code=201)
def sign_in(asked: SignIn, desk: DeskDep, request: Request, response: Response) -> Me:
    """Sign in by password; the session is in a cookie."""
    person = prove(desk, address_of(asked.email), asked.password, sender(request))
    return signed_in(desk, person, asked.organisation_id, (request, response))


@router.delete("/session", status_code=204)
def sign_out(desk: DeskDep, caller: CallerDep, request: Request, response: Response) -> None:
    """End the session of the cookie."""
    if caller.scopes is not None:
        raise NotAllowed("密钥没有登录,无需退出;不用了请撤销它。")
    end_session(desk, request, response)


def end_session(desk: Desk, request: Request, response: Response) -> None:
    """Of the cookie that was sent."""
    name = cookie_name(desk)
    desk.matcher.store.credentials.close_session(desk.digest("session", request.cookies[name]))
    response.delete_cookie(name, path="/", httponly=True, samesite="lax", secure=desk.production)


@router.get("/me")
def me(desk: DeskDep, caller: CallerDep, request: Request) -> Me:
    """Who asks, for whom and as what."""
    session = request.cookies.get(cookie_name(desk)) if caller.scopes is None else None
    return _me(desk, caller, session)


@router.post("/invitations/accept", status_code=201)
def accept(asked: AcceptIn, desk: DeskDep, request: Request, response: Response) -> Me:
    """Take up an invitation, and be signed in: with `name` and a new password, or with the
    password of the account that has the address."""
    return accepted(desk, asked, request, response)


def accepted(desk: Desk, asked: AcceptIn, request: Request, response: Response) -> Me:
    """As `accept`."""
    held, token = desk.matcher.store.credentials, desk.digest("invitation", asked.token)
    invited = held.invitation(token, now=desk.now)
    if invited is None:
        raise UnknownId("邀请不存在或已过期。请向机构管理员要一份新的。")
    if asked.name is None:
        prove(desk, invited.email, asked.password, sender(request))
        person = held.accept(token, None, "", now=desk.now)
    else:
        newcomer = Person(id=new_id("p"), email=invited.email, name=asked.name)
        password = password_of(asked.password, invited.email)
        with desk.hashing:
            kept = hashed(password)
        person = held.accept(token, newcomer, kept, now=desk.now)
    return signed_in(desk, person, invited.organisation.id, (request, response))


@router.get("/me/keys")
def own_keys(desk: DeskDep, caller: CallerDep) -> list[KeyOut]:
    """The keys that act for oneself in this organisation."""
    organisation_id, person_id = _here(caller)
    found = desk.matcher.store.credentials.keys(organisation_id, person_id)
    return [key_told(key) for key in found]


@router.post("/me/keys", status_code=201)
def make_own_key(asked: KeyIn, desk: DeskDep, caller: CallerDep) -> NewKey:
    """A key that acts for oneself in this organisation, with no higher role."""
    organisation_id, person_id = _here(caller)
    return make_key(desk, asked, organisation_id, person_id)


@router.delete("/me/keys/{key_id}", status_code=204)
def revoke_own_key(key_id: Id, desk: DeskDep, caller: CallerDep) -> None:
    """End one of one's own keys."""
    organisation_id, person_id = _here(caller)
    held = desk.matcher.store.credentials
    held.revoke_key(key_id, organisation_id, person_id, now=desk.now)


def make_key(desk: Desk, asked: KeyIn, organisation_id: str, person_id: str | None) -> NewKey:
    """A new key, whose secret is told this once."""
    token, now = new_token(KEY_PREFIX), desk.now
    key = Key(
        id=new_id("k"), organisation_id=organisation_id, person_id=person_id, name=asked.name,
        scopes=frozenset(asked.scopes), made_at=now, expires_at=now + asked.days * DAY,
    )  # fmt: skip
    desk.matcher.store.credentials.make_key(key, desk.digest("key", token))
    return NewKey(token=token, **key_told(key).model_dump())


def sender(request: Request) -> str:
    """Where a request comes from, for counting tries."""
    return request.client.host if request.client else "?"


def signed_in(
    desk: Desk, person: Person, organisation_id: str | None, told: tuple[Request, Response]
) -> Me:
    """Begin a session, whose cookie goes into the response."""
    request, response = told
    session = begin(desk, person, organisation_id)
    response.set_cookie(
        cookie_name(desk), session, max_age=desk.settings.service.session_hours * 3600,
        path="/", httponly=True, samesite="lax", secure=desk.production,
    )  # fmt: skip
    caller = desk.matcher.store.credentials.session(desk.digest("session", session), now=desk.now)
    if caller is None:
        raise SignInNeeded("没能登录。请再试一次。")
    request.state.caller = caller
    return _me(desk, caller, session)


def _me(desk: Desk, caller: Caller, session: str | None) -> Me:
    person = caller.person
    held = desk.matcher.store.accounts.memberships(person.id) if person else []
    return Me(
        person=person_told(person) if person else None,
        organisation=organisation_told(caller.organisation) if caller.organisation else None,
        role=caller.role,
        operator=caller.operator,
        scopes=None if caller.scopes is None else sorted(caller.scopes),
        memberships=[membership_told(one) for one in held] if caller.scopes is None else [],
        csrf_token=csrf_token(desk, session) if session else None,
    )


def _here(caller: Caller) -> tuple[str, str]:
    """The organisation and the person that the policy found."""
    assert caller.organisation is not None and caller.person is not None
    return caller.organisation.id, caller.person.id
