"""Figures for Prometheus, and what is written of requests."""

import logging
from dataclasses import replace
from typing import Any

import pytest

from matcher.web.app import create_app
from matcher.web.english import prefers_english

API = "/api/v1"
TOKEN = "prometheus-token"


@pytest.fixture
def metered(fresh: Any) -> Any:
    service = replace(fresh.desk.settings.service, metrics_token=TOKEN)
    settings = replace(fresh.desk.settings, service=service)
    return replace(fresh, app=create_app(fresh.matcher, settings))


def test_figures_are_for_who_has_the_token(metered: Any, fresh: Any) -> None:
    client = metered.called("anybody")
    client.get(f"{API}/patents/P-open")
    client.get(f"{API}/patents/P-lone")
    client.get("/no/such/address")
    assert client.get(f"{API}/metrics").status_code == 401
    wrong = client.get(f"{API}/metrics", headers={"Authorization": "Bearer x"})
    assert wrong.status_code == 401
    answer = client.get(f"{API}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    route = 'method="GET",route="/patents/{id:path}"'
    assert f'patmatch_requests_total{{{route},status="200"}} 1.0' in lines
    assert f'patmatch_requests_total{{{route},status="404"}} 1.0' in lines
    assert 'patmatch_requests_total{method="other",route="other",status="404"} 1.0' in lines
    assert f"patmatch_request_seconds_count{{{route}}} 2.0" in lines
    assert 'patmatch_records{side="patents"} 6.0' in lines
    assert "patmatch_behind 0.0" in lines
    assert "P-lone" not in answer.text
    assert fresh.called("anybody").get(f"{API}/metrics").status_code == 404


def test_a_line_of_a_request_names_its_route_and_nothing_of_it(
    fresh: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "matcher.web.requests"):
        fresh.called("anybody").get(f"{API}/needs/N-masked?owner=secret-word")
    assert "GET /needs/{id:path} 200" in caplog.text
    assert "N-masked" not in caplog.text and "secret-word" not in caplog.text


@pytest.mark.parametrize(("header", "english"), [
    ("", False), ("en", True), ("en-GB,en;q=0.8", True), ("zh-CN,zh;q=0.9,en;q=0.8", False),
    ("en;q=0.3, zh;q=0.9", False), ("fr, en;q=0.1", True), ("zh;q=0, en;q=0", False),
    ("en, zh", True), ("zh, en", False), ("en;q=x", False), ("*", False), ("de", False),
])  # fmt: skip
def test_the_language_is_the_one_that_is_preferred(header: str, english: bool) -> None:
    assert prefers_english(header) is english


def test_who_prefers_english_is_told_the_kind_of_error_and_the_chinese_sentence(
    fresh: Any,
) -> None:
    client = fresh.called("anybody")
    chinese = client.get(f"{API}/patents/nothing")
    assert chinese.headers["content-language"] == "zh-CN" and "original" not in chinese.json()
    answer = client.get(f"{API}/patents/nothing", headers={"Accept-Language": "en"})
    assert (answer.headers["content-language"], answer.headers["vary"]) == (
        "en", "Accept-Language",
    )  # fmt: skip
    assert answer.json() == {
        "type": "urn:patmatch:problem:unknown_id", "title": "Not found", "status": 404,
        "detail": "There is nothing of this id, or it is not for you.", "code": "unknown_id",
        "original": chinese.json()["detail"],
    }  # fmt: skip
    body = {"email": "a@b.cn", "password": "x", "more": 1}
    faulty = client.post(f"{API}/session", json=body, headers={"Accept-Language": "en"}).json()
    assert [(one["where"], one["detail"]) for one in faulty["errors"]] == [("more", "is not known")]
