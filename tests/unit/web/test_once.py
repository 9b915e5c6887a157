"""Writes sent twice under one key: what happens once, and what is told."""

import threading
from typing import Any

import pytest

from matcher.errors import Conflict
from matcher.store.once import LOST, Answered

API = "/api/v1"
NEED = {"title": "提高轴承钢的疲劳寿命", "content": "表面微裂纹。"}
KEY = {"Idempotency-Key": "e7c1-1"}


def test_the_same_again_is_answered_the_same_and_happens_once(fresh: Any) -> None:
    editor = fresh.called("company editor")
    first = editor.post(f"{API}/needs", json=NEED, headers=KEY)
    before = fresh.matcher.store.snapshot()
    again = editor.post(f"{API}/needs", json=NEED, headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["etag"] == first.headers["etag"]
    assert ("Idempotency-Replayed" in first.headers, again.headers["Idempotency-Replayed"]) == (
        False, "true",
    )  # fmt: skip
    assert fresh.matcher.store.snapshot() == before


def test_a_key_is_for_one_content_one_caller_and_one_address(fresh: Any) -> None:
    editor = fresh.called("company editor")
    assert editor.post(f"{API}/needs", json=NEED, headers=KEY).status_code == 201
    other = editor.post(f"{API}/needs", json={**NEED, "title": "别的"}, headers=KEY)
    assert (other.status_code, other.json()["code"]) == (422, "bad_input")
    state = fresh.called("state editor").post(f"{API}/needs", json=NEED, headers=KEY)
    assert (state.status_code, state.json()["owner"]["id"]) == (201, "state")
    push = {"need_id": "N-open", "patent_id": "P-open"}
    pushed = editor.post(f"{API}/matches", json=push, headers=KEY)
    assert pushed.status_code == 201
    assert editor.post(f"{API}/matches", json=push, headers=KEY).json() == pushed.json()
    assert editor.post(f"{API}/matches", json=push).status_code == 409


def test_what_was_refused_may_be_sent_again_corrected(fresh: Any) -> None:
    editor = fresh.called("company editor")
    for said, status in (({"titel": ""}, 422), ({**NEED, "level": "不入库"}, 422), (NEED, 201)):
        assert editor.post(f"{API}/needs", json=said, headers=KEY).status_code == status


def test_an_upload_under_a_key_is_taken_once(fresh: Any) -> None:
    sent = {"params": {"name": "甲.csv"}, "content": "需求名称,需求内容\n甲,乙\n".encode()}
    editor = fresh.called("company editor")
    first = editor.post(f"{API}/uploads/needs", **sent, headers=KEY)
    again = editor.post(f"{API}/uploads/needs", **sent, headers=KEY)
    assert first.json()["outcomes"] == again.json()["outcomes"] == {"new": 1}
    assert again.json()["id"] == first.json()["id"]


@pytest.mark.parametrize("key", ["", "x" * 201, "a b", "\t"])
def test_a_key_has_a_form(key: str, fresh: Any) -> None:
    answer = fresh.called("company editor").post(
        f"{API}/needs", json=NEED, headers={"Idempotency-Key": key}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_who_comes_while_another_is_at_work_waits_and_a_lost_one_is_taken_over(fresh: Any) -> None:
    once = fresh.matcher.store.once
    assert once.begin("s", "f", now=1000) is None
    with pytest.raises(Conflict, match="正在处理"):
        once.begin("s", "f", now=1000 + LOST - 1)
    assert once.begin("s", "f", now=1000 + LOST) is None
    once.finish("s", Answered(201, None, "{}"))
    assert once.begin("s", "f", now=1001 + LOST) == Answered(201, None, "{}")
    assert once.begin("s", "other", now=1001 + LOST + 24 * 3600) is None


def test_twenty_at_once_make_one(fresh: Any) -> None:
    answers: list[int] = []

    def send() -> None:
        said = fresh.called("company editor").post(f"{API}/needs", json=NEED, headers=KEY)
        answers.append(said.status_code)

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) <= {201, 409} and answers.count(201) >= 1
    found = [one for one in fresh.matcher.store.each_need() if one.title == NEED["title"]]
    assert len(found) == 1
