"""Needs that are watched: only news is told, and only to who may read it."""

from dataclasses import replace
from typing import Any

import pytest

from matcher.jobs.running import run
from matcher.web.outgoing import Outgoing

API = "/api/v1/me/watches"


def watched(world: Any, caller: str, need_id: str = "N-open") -> Any:
    return world.called(caller).post(API, json={"need_id": need_id})


def looked(world: Any, capsys: pytest.CaptureFixture[str]) -> str:
    """A job of the kind that a worker is given, and the letters that come of it."""
    store = world.matcher.store
    job = store.jobs.add_alone("news", now=world.desk.now)
    assert job is not None
    run(world.desk, job.id)
    assert store.jobs.job(job.id).state == "done", store.jobs.job(job.id)
    capsys.readouterr()
    Outgoing(store, world.desk.settings).deliver()
    return capsys.readouterr().err


def arrive(world: Any, *patents: Any) -> None:
    world.matcher.store.put_patents(patents)


def coated(world: Any, id: str, level: str = "公开") -> Any:
    """Like one that is there, under another id."""
    (old,) = world.matcher.store.patents(["P-open"])
    return replace(old, id=id, keys=(f"A:{id}",), title=f"锂电池隔膜涂层{id}", level=level)


def test_what_is_there_is_no_news_and_what_comes_is_told_once(
    fresh: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert watched(fresh, "company editor").status_code == 201
    assert watched(fresh, "company editor").status_code == 409
    assert looked(fresh, capsys) == ""
    arrive(fresh, coated(fresh, "P-new"))
    letter = looked(fresh, capsys)
    assert "收件人:company-editor@example.com" in letter
    assert "需求“提高锂电池隔膜耐热性N-open”有 1 件新的专利:" in letter
    assert "  · 锂电池隔膜涂层P-new" in letter and letter.count("  · ") == 1
    assert looked(fresh, capsys) == ""


def test_nobody_is_told_of_what_is_not_for_them(
    fresh: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    watched(fresh, "company editor")
    watched(fresh, "agency reader")
    arrive(fresh, coated(fresh, "P-hidden", "授权可见"))
    fresh.matcher.store.owners.own("patents", ["P-hidden"], "centre", level_stated=False)
    fresh.matcher.store.owners.name("patents", "P-hidden", ["agency"])
    letter = looked(fresh, capsys)
    assert letter.count("收件人:") == 1 and "收件人:agency-reader@example.com" in letter


def test_a_letter_says_nothing_that_was_taken_back_before_it_went(
    fresh: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    watched(fresh, "company editor")
    arrive(fresh, coated(fresh, "P-new"))
    store = fresh.matcher.store
    job = store.jobs.add_alone("news", now=fresh.desk.now)
    run(fresh.desk, job.id)
    arrive(fresh, coated(fresh, "P-new", "授权可见"))
    capsys.readouterr()
    assert Outgoing(store, fresh.desk.settings).deliver() == 1
    assert capsys.readouterr().err == "" and store.outbox.counts() == {"sent": 1}


def test_whose_role_ended_is_told_nothing_and_watches_nothing(
    fresh: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    watched(fresh, "park editor")
    fresh.matcher.store.accounts.leave("park-editor", "park")
    arrive(fresh, coated(fresh, "P-new"))
    assert looked(fresh, capsys) == "" and not fresh.matcher.store.watches.any()


def test_only_what_one_may_match_from_can_be_watched(fresh: Any) -> None:
    assert watched(fresh, "company reader", "N-lone").status_code == 404
    assert watched(fresh, "garden reader", "N-masked").status_code == 403
    assert watched(fresh, "bureau admin").status_code == 403


def test_one_sees_and_ends_ones_own_alone(fresh: Any) -> None:
    id = watched(fresh, "company editor").json()["id"]
    mine = fresh.called("company editor").get(API).json()
    assert [(one["id"], one["need_id"]) for one in mine] == [(id, "N-open")]
    assert fresh.called("company admin").get(API).json() == []
    assert fresh.called("company admin").delete(f"{API}/{id}").status_code == 404
    assert fresh.called("company editor").delete(f"{API}/{id}").status_code == 204
    assert fresh.called("company editor").get(API).json() == []
