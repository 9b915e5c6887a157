"""A new password, by letter and by the old one."""

import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from matcher.access.people import Person
from matcher.config import MailSettings
from matcher.store.secret import hashed
from matcher.web.mail import Letter, NotSent, send
from matcher.web.outgoing import Outgoing

API = "/api/v1"
OLD, NEW = "铁马冰河入梦来-42", "小楼一夜听春雨-17"
ZHAO = {"email": "zhao@example.com", "password": OLD}


@pytest.fixture
def world(fresh: Any) -> Any:
    """With 赵三, who reads letters at zhao@example.com."""
    person = Person(id="zhao", email="zhao@example.com", name="赵三")
    fresh.matcher.store.accounts.enrol(person, hashed(OLD))
    fresh.matcher.store.accounts.join("zhao", "centre", "reader")
    return fresh


def delivered(world: Any) -> int:
    return Outgoing(world.matcher.store, world.desk.settings).deliver()


def ask(world: Any, email: str = "Zhao@example.com") -> Any:
    return world.called("anybody").post(f"{API}/password/forgotten", json={"email": email})


def token_in(text: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000/reset/(\S+)", text)
    assert found is not None, text
    return found.group(1)


def reset(world: Any, token: str, password: str = NEW) -> Any:
    sent = {"token": token, "password": password}
    return world.called("anybody").post(f"{API}/password/reset", json=sent)


def test_a_letter_leads_to_a_new_password_once_and_ends_all_sessions(
    world: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    browser = world.called("anybody")
    assert browser.post(f"{API}/session", json=ZHAO).status_code == 201
    assert (ask(world).status_code, delivered(world)) == (202, 1)
    printed = capsys.readouterr().err
    assert "收件人:zhao@example.com" in printed and "赵三,您好" in printed
    token = token_in(printed)
    weak = reset(world, token, "short")
    assert (weak.status_code, "至少 10 个字符" in weak.json()["detail"]) == (422, True)
    assert browser.get(f"{API}/me").status_code == 200, "nothing was changed yet"
    assert reset(world, token).status_code == 204
    assert browser.get(f"{API}/me").status_code == 401
    assert browser.post(f"{API}/session", json=ZHAO).status_code == 401
    assert browser.post(f"{API}/session", json={**ZHAO, "password": NEW}).status_code == 201
    assert reset(world, token).status_code == 404


def test_the_database_does_not_hold_what_opens_an_account(
    world: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(world)
    (parcel,) = world.matcher.store.outbox.claim(now=world.desk.now)
    assert set(parcel.body) == {"reset"}
    id = parcel.body["reset"]
    for guess in (id, f"{id}.", f"{id}.{'0' * 64}"):
        assert reset(world, guess).status_code == 404
    assert capsys.readouterr().err == ""


def test_who_has_no_account_is_answered_alike_and_gets_no_letter(
    world: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    known, unknown = ask(world), ask(world, "nobody@example.com")
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert delivered(world) == 1 and "nobody" not in capsys.readouterr().err


def test_a_later_letter_ends_the_earlier_one_and_an_hour_ends_both(
    world: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(world)
    delivered(world)
    first = token_in(capsys.readouterr().err)
    ask(world)
    delivered(world)
    second = token_in(capsys.readouterr().err)
    assert reset(world, first).status_code == 404
    later = world.desk.now + 3601
    with monkeypatch.context() as patch:
        patch.setattr("matcher.web.desk.time.time", lambda: later)
        assert reset(world, second).status_code == 404
    assert reset(world, second).status_code == 204


def test_letters_to_one_address_are_counted_whoever_has_it(world: Any) -> None:
    for email in ("zhao@example.com", "nobody@example.com"):
        codes = [ask(world, email).status_code for _ in range(6)]
        assert codes == [202] * 5 + [429]


def test_who_knows_the_old_password_chooses_another_and_stays(world: Any) -> None:
    here, there = world.called("anybody"), world.called("anybody")
    token = here.post(f"{API}/session", json=ZHAO).json()["csrf_token"]
    there.post(f"{API}/session", json=ZHAO)
    head = {"X-CSRF-Token": token}
    wrong = here.put(f"{API}/me/password", json={"old": NEW, "new": NEW}, headers=head)
    assert wrong.status_code == 401
    answer = here.put(f"{API}/me/password", json={"old": OLD, "new": NEW}, headers=head)
    assert answer.status_code == 204
    assert here.get(f"{API}/me").status_code == 200
    assert there.get(f"{API}/me").status_code == 401


class Box:
    """Keeps what a mail server was given."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.refused: set[str] = set()

    async def handle_RCPT(
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return "550 no such box"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:
        self.letters.append(envelope.content)
        return "250 OK"


@pytest.fixture
def post() -> Iterator[tuple[Box, MailSettings]]:
    """A mail server of this machine."""
    box = Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, MailSettings(host="127.0.0.1", port=port, security="none", sender="a@b.cn")
    finally:
        controller.stop()


def test_a_mail_server_gets_the_letter_as_it_was_written(post: Any) -> None:
    box, settings = post
    send(settings, Letter("zhao@example.com", "重设密码", "赵三,您好:\n\n请看。"))
    (kept,) = box.letters
    read = message_from_bytes(kept, policy=policy.SMTP)
    assert (read["From"], read["To"], read["Subject"]) == ("a@b.cn", "zhao@example.com", "重设密码")
    assert read.get_content().replace("\r\n", "\n") == "赵三,您好:\n\n请看。\n"  # type: ignore[attr-defined]
    assert read["Message-ID"].endswith("@b.cn>") and read["Date"]


def test_a_letter_that_is_not_taken_is_tried_again_and_a_refused_one_is_not(
    post: Any, world: Any
) -> None:
    box, settings = post
    box.refused.add("zhao@example.com")
    with pytest.raises(NotSent, match="不收这个地址") as refused:
        send(settings, Letter("zhao@example.com", "a", "b"))
    assert not refused.value.again
    ask(world)
    store, now = world.matcher.store, world.desk.now
    nowhere = replace(settings, port=1)
    Outgoing(store, replace(world.desk.settings, mail=nowhere)).deliver()
    assert store.outbox.counts() == {"waiting": 1}
    assert store.outbox.claim(now=now + 1) == []
    (again,) = store.outbox.claim(now=now + 40)
    assert (again.tries, again.error) == (1, "邮件服务器没有收下(ConnectionRefusedError)。")
    Outgoing(store, replace(world.desk.settings, mail=settings))._one(again)
    assert store.outbox.counts() == {"failed": 1}
