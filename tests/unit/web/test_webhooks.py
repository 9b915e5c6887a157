"""Webhooks: where they may go, how they are signed, and that each event arrives."""

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from matcher.errors import BadInput
from matcher.web.hooks import check_url, post, signature
from matcher.web.mail import NotSent
from matcher.web.outgoing import Outgoing

ADDRESS = "/api/v1/organisations/{}/webhooks"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass
class Receiver:
    """A program of somebody's on this machine; `answers` are given one by one, 200 then."""

    url: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(kept.answers.pop(0) if kept.answers else 200)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    kept.url = f"http://127.0.0.1:{server.server_port}/hook?a=1"
    yield kept
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def inside(fresh: Any) -> Any:
    """An installation whose webhooks may stay inside."""
    service = replace(fresh.desk.settings.service, hooks="any")
    fresh.app.state.desk = replace(
        fresh.desk, settings=replace(fresh.desk.settings, service=service)
    )
    return replace(fresh, desk=fresh.app.state.desk)


def made(world: Any, url: str, *events: str, organisation: str = "centre") -> dict[str, Any]:
    sent = {"url": url, **({"events": events} if events else {})}
    client = world.called(f"{organisation} admin")
    answer = client.post(ADDRESS.format(organisation), json=sent)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def delivered(world: Any) -> int:
    return Outgoing(world.matcher.store, world.desk.settings).deliver()


def test_the_signature_is_the_one_of_the_standard() -> None:
    """The example of https://github.com/standard-webhooks: whoever has a library for it can check
    what we send."""
    told = signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert told == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("url", [
    "http://example.com/", "ftp://example.com/", "https://", "https://user:word@example.com/",
    "https://127.0.0.1/", "https://[::1]/", "https://10.1.2.3/", "https://169.254.169.254/meta",
    "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://0.0.0.0/",
    "https://192.168.1.1:8443/", "https://例子.cn/", "https://a b/", "https://example.com:99999/",
    "javascript:alert(1)", "https://[2002:7f00:1::]/", "https://224.0.0.1/",
])  # fmt: skip
def test_what_may_not_be_called_is_refused_when_it_is_entered(url: str, fresh: Any) -> None:
    answer = fresh.called("centre admin").post(ADDRESS.format("centre"), json={"url": url})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")
    with pytest.raises(BadInput):
        check_url(url, "public")
    with pytest.raises(NotSent) as refused:
        post(url, "public", SECRET, ("d-1", 0, {}))
    assert not refused.value.again


def test_a_name_that_points_inside_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"one": ["93.184.216.34", "10.0.0.1"], "two": ["fe80::1%eth0"]}

    def looked_up(host: str, port: int, **_: Any) -> list[Any]:
        return [(2, 1, 6, "", (one, port)) for one in answers[host.partition(".")[0]]]

    monkeypatch.setattr("matcher.web.hooks.socket.getaddrinfo", looked_up)
    for name in answers:
        with pytest.raises(NotSent, match="指向内部网络") as refused:
            post(f"https://{name}.example.com/", "public", SECRET, ("d-1", 0, {}))
        assert not refused.value.again


def test_the_connection_goes_to_the_address_that_was_checked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the name stands for a moment later."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def looked_up(host: str, *rest: Any, **more: Any) -> Any:
        asked.append(host)
        return real("127.0.0.1" if host == "here.example.com" else host, *rest, **more)

    monkeypatch.setattr("socket.getaddrinfo", looked_up)
    url = receiver.url.replace("127.0.0.1", "here.example.com")
    post(url, "any", SECRET, ("d-1", 5, {"a": "隔膜"}))
    ((headers, body),) = receiver.got
    assert asked.count("here.example.com") == 1
    assert headers["host"].startswith("here.example.com:")
    assert json.loads(body) == {"a": "隔膜"}
    assert headers["webhook-signature"] == signature(SECRET, "d-1", 5, body)


def test_both_sides_hear_of_a_push_and_of_each_step(inside: Any, receiver: Receiver) -> None:
    hook = made(inside, receiver.url)
    made(inside, receiver.url + "&of=park", "match.step", organisation="park")
    made(inside, receiver.url + "&of=other", organisation="other")
    push = {"need_id": "N-masked", "patent_id": "P-masked"}
    lead = inside.called("centre editor").post("/api/v1/matches", json=push).json()
    inside.called("company editor").post(
        f"/api/v1/matches/{lead['id']}/steps", json={"stage": "willing"}
    )
    assert delivered(inside) == 3
    told = [json.loads(body) for _, body in receiver.got]
    ids = {"match_id": lead["id"], **push}
    assert sorted((one["type"], one["data"]["stage"], one["data"]["side"]) for one in told) == [
        ("match.pushed", "pushed", "patents"),
        ("match.step", "willing", "needs"), ("match.step", "willing", "needs"),
    ]  # fmt: skip
    assert all({**one["data"], **ids} == one["data"] for one in told)
    first = next(one for one in receiver.got if b"pushed" in one[1])
    head, body = first
    sent_at = int(head["webhook-timestamp"])
    assert head["webhook-signature"] == signature(hook["secret"], head["webhook-id"], sent_at, body)
    assert "whsec" not in inside.called("centre admin").get(ADDRESS.format("centre")).text


def test_what_is_not_taken_is_tried_again_later_and_told(inside: Any, receiver: Receiver) -> None:
    receiver.answers = [500, 302, 200]
    hook = made(inside, receiver.url)
    admin, address = inside.called("centre admin"), f"{ADDRESS.format('centre')}/{hook['id']}"
    assert admin.post(f"{address}/ping").status_code == 202
    out, outbox = Outgoing(inside.matcher.store, inside.desk.settings), inside.matcher.store.outbox
    assert out.deliver() == 1
    (told,) = admin.get(f"{address}/deliveries").json()
    assert (told["event"], told["state"], told["tries"], told["error"]) == (
        "ping", "waiting", 1, "对方回答 500。",
    )  # fmt: skip
    assert 25 < told["next_at"] - inside.desk.now < 300
    for later in (1000, 10_000):
        for parcel in outbox.claim(now=inside.desk.now + later):
            out._one(parcel)
    (told,) = admin.get(f"{address}/deliveries").json()
    assert (told["state"], told["tries"], told["next_at"]) == ("sent", 3, None)
    ids = {head["webhook-id"] for head, _ in receiver.got}
    assert (len(receiver.got), ids) == (3, {told["id"]}), "no redirection was followed"


def test_it_is_given_up_in_the_end_and_at_once_where_it_is_gone(
    inside: Any, receiver: Receiver
) -> None:
    receiver.answers = [410] + [500] * 20
    hook = made(inside, receiver.url)
    outbox, now = inside.matcher.store.outbox, inside.desk.now
    outbox.ping(outbox.hook(hook["id"]), now=now)
    delivered(inside)
    assert outbox.counts() == {"failed": 1}
    outbox.ping(outbox.hook(hook["id"]), now=now)
    for tries in range(1, 12):
        for parcel in outbox.claim(now=now + tries * 100_000):
            Outgoing(inside.matcher.store, inside.desk.settings)._one(parcel)
    assert outbox.counts() == {"failed": 2} and len(receiver.got) == 1 + 8


def test_a_claimed_parcel_is_nobody_elses_until_its_time_is_over(inside: Any) -> None:
    hook = made(inside, "http://127.0.0.1:9/")
    outbox, now = inside.matcher.store.outbox, inside.desk.now
    outbox.ping(outbox.hook(hook["id"]), now=now)
    assert len(outbox.claim(now=now)) == 1
    assert outbox.claim(now=now + 60) == []
    assert len(outbox.claim(now=now + 200)) == 1, "whoever had it died"


def test_what_is_taken_away_is_gone_with_what_waits(inside: Any, receiver: Receiver) -> None:
    hook = made(inside, receiver.url)
    address = f"{ADDRESS.format('centre')}/{hook['id']}"
    inside.called("centre admin").post(f"{address}/ping")
    assert inside.called("other admin").delete(address).status_code == 403
    foreign = f"{ADDRESS.format('other')}/{hook['id']}"
    assert inside.called("other admin").delete(foreign).status_code == 404
    assert inside.called("centre admin").delete(address).status_code == 204
    assert (delivered(inside), receiver.got) == (0, [])


def test_an_organisation_has_ten_at_most(inside: Any) -> None:
    for number in range(10):
        made(inside, f"http://127.0.0.1:9/{number}")
    answer = inside.called("centre admin").post(
        ADDRESS.format("centre"), json={"url": "http://127.0.0.1:9/"}
    )
    assert (answer.status_code, "最多 10 个" in answer.json()["detail"]) == (422, True)
