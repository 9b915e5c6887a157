"""Lists by HTTP: what is taken, whose it is then, and what comes back to be corrected."""

import io
import os
import time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from matcher.access.policy import Held

API = "/api/v1"
HEAD = "申请号,标题,摘要,申请人,IPC"
FILM = "CN202219001622.8,一种海藻纤维面料,公开了一种海藻纤维面料,云麓理工大学,D01F9/04"
BROKEN = "CN202219001623.8,一种坏号的隔膜,摘要,云麓理工大学,D01F9/04"
NEEDS = "需求编号,需求名称,需求内容,企业名称\n"


def send(world: Any, who: str, side: str, text: str | bytes, **asked: Any) -> Any:
    content = text.encode() if isinstance(text, str) else text
    params = {"name": "清单.csv", **asked}
    return world.called(who).post(f"{API}/uploads/{side}", params=params, content=content)


def held(world: Any, side: str, id: str) -> Held:
    store = world.matcher.store
    (record,) = (store.patents if side == "patents" else store.needs)([id])
    found: Held = store.owners.held([record], None)[0]
    return found


def test_a_centre_s_list_is_taken_is_its_own_and_is_matched(fresh: Any) -> None:
    answer = send(fresh, "centre editor", "patents", f"{HEAD}\n{FILM}\n")
    told = answer.json()
    assert answer.status_code == 200
    assert (told["kind"], told["file"], told["dry_run"]) == ("patent", "清单.csv", False)
    assert (told["rows"], told["outcomes"], told["rejected_rows"]) == (1, {"new": 1}, 0)
    assert (told["rejects"], told["faults"]) == (None, [])
    (table,) = told["tables"]
    assert {one["field"]: one["headers"] for one in table["columns"]}["title"] == ["标题"]
    owner = held(fresh, "patents", "CN202219001622.8").owner
    assert owner is not None and owner.id == "centre"
    fresh.matcher.catch_up()
    found = fresh.called("company reader").post(f"{API}/match", json={"text": "海藻纤维面料"})
    assert found.json()["items"][0]["patent_id"] == "CN202219001622.8"


def test_a_trial_says_the_same_and_changes_nothing(fresh: Any) -> None:
    before = fresh.matcher.store.snapshot()
    tried = send(fresh, "centre editor", "patents", f"{HEAD}\n{FILM}\n", dry_run=True).json()
    assert (tried["dry_run"], tried["outcomes"]) == (True, {"new": 1})
    assert fresh.matcher.store.snapshot() == before


def test_bad_rows_come_back_as_a_file_for_their_organisation_alone(fresh: Any) -> None:
    told = send(fresh, "centre editor", "patents", f"{HEAD}\n{FILM}\n{BROKEN}\n").json()
    assert (told["rows"], told["outcomes"], told["rejected_rows"]) == (2, {"new": 1}, 1)
    assert (told["faults"][0]["row"], told["faults"][0]["column"]) == (3, "申请号")
    assert told["rejects"] == f"{API}/uploads/{told['id']}/rejects"
    got = fresh.called("centre admin").get(told["rejects"])
    assert "filename" in got.headers["content-disposition"]
    sheet = load_workbook(io.BytesIO(got.content)).active
    assert sheet is not None
    rows = list(sheet.values)
    assert rows[0][:5] == tuple(HEAD.split(",")) and rows[1][1] == "一种坏号的隔膜"
    for who, status in (("other admin", 404), ("centre reader", 403), ("anybody", 401)):
        assert fresh.called(who).get(told["rejects"]).status_code == status
    nothing = fresh.called("centre admin").get(f"{API}/uploads/u-{'0' * 16}/rejects")
    assert (nothing.status_code, nothing.json()["code"]) == (404, "unknown_id")


def test_rows_that_came_back_long_ago_are_gone(fresh: Any) -> None:
    told = send(fresh, "centre editor", "patents", f"{HEAD}\n{FILM}\n{BROKEN}\n").json()
    (kept,) = (fresh.matcher.home / "returned" / "centre").glob("*.xlsx")
    old = time.time() - 8 * 86400
    os.utime(kept, (old, old))
    send(fresh, "centre editor", "patents", f"{HEAD}\n{FILM}\n")
    assert not Path(kept).exists()
    assert fresh.called("centre admin").get(told["rejects"]).status_code == 404


def test_what_others_own_comes_back_untouched(fresh: Any) -> None:
    assert send(fresh, "centre editor", "patents", f"{HEAD}\n{FILM}\n").status_code == 200
    stolen = FILM.replace("公开了", "其实是")
    told = send(fresh, "other editor", "patents", f"{HEAD}\n{stolen}\n").json()
    assert (told["outcomes"], told["rejected"]) == ({}, {"others_record": 1})
    (kept,) = fresh.matcher.store.patents(["CN202219001622.8"])
    assert kept.abstract == "公开了一种海藻纤维面料"


def test_a_park_s_needs_are_its_companies_and_a_company_s_its_own(fresh: Any) -> None:
    lines = "XQ-1,提高隔膜耐热性,隔膜收缩,青屿新能源有限公司\nXQ-2,降低能耗,能耗太高,无名小厂\n"
    told = send(fresh, "park editor", "needs", NEEDS + lines).json()
    assert told["outcomes"] == {"new": 2}
    owners = [held(fresh, "needs", id).owner for id in ("XQ-1", "XQ-2")]
    assert [one.id for one in owners if one] == ["company", "park"]
    mine = NEEDS + "XQ-3,降低能耗,能耗太高,随便什么名字\n"
    assert send(fresh, "company editor", "needs", mine).status_code == 200
    owner = held(fresh, "needs", "XQ-3").owner
    assert owner is not None and owner.id == "company"


def test_columns_are_named_and_remembered_for_one_s_own_organisation(fresh: Any) -> None:
    strange = FILM.replace("海藻", "竹")
    text = f"编号甲,成果的叫法,摘要,申请人,IPC\n{strange}\n"
    said = ["成果的叫法=title", "编号甲=application_number"]
    assert send(fresh, "centre editor", "patents", text, map=said).json()["outcomes"] == {"new": 1}
    again = send(fresh, "centre editor", "patents", text, dry_run=True).json()
    assert again["outcomes"] == {"unchanged": 1}
    assert send(fresh, "other editor", "patents", text, dry_run=True).status_code == 422


@pytest.mark.parametrize(
    ("text", "asked", "status", "code"),
    [
        ("", {}, 422, "bad_input"),
        (f"{HEAD}\n{FILM}\n", {"map": ["标题"]}, 422, "bad_input"),
        (f"{HEAD}\n{FILM}\n", {"map": ["标题=titel"]}, 422, "bad_input"),
        ("甲,乙\n1,2\n", {}, 422, "nothing_usable"),
        (b"PK\x03\x04torn", {"name": "清单.xlsx"}, 422, "unreadable_file"),
        (f"{HEAD}\n{FILM}\n", {"name": ""}, 422, "invalid_request"),
        (f"{HEAD}\n{FILM}\n", {"name": "x" * 121}, 422, "invalid_request"),
    ],
)
def test_what_cannot_be_used_is_said_and_changes_nothing(
    text: str | bytes, asked: dict[str, Any], status: int, code: str, fresh: Any
) -> None:
    before = fresh.matcher.store.snapshot()
    answer = send(fresh, "centre editor", "patents", text, **asked)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert fresh.matcher.store.snapshot() == before


@pytest.mark.parametrize(
    "name", ["../../etc/清单.csv", "..\\清单.csv", "/清单.csv", "长" * 116 + ".csv"]
)
def test_a_file_s_name_leads_nowhere(name: str, fresh: Any) -> None:
    told = send(fresh, "centre editor", "patents", f"{HEAD}\n{FILM}\n", name=name).json()
    assert told["outcomes"] == {"new": 1}
    assert "/" not in told["file"] and "\\" not in told["file"] and told["file"].endswith(".csv")


def test_a_list_may_be_larger_than_other_requests_and_not_too_large(fresh: Any) -> None:
    blank = f"{HEAD}\n{FILM}\n" + ",,,,\n" * (2 * 1024 * 1024 // 5)
    assert send(fresh, "centre editor", "patents", blank).status_code == 200
    answer = send(fresh, "centre editor", "patents", b"x" * (20 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_cells_that_look_like_secrets_are_named_and_starred_for_others(fresh: Any) -> None:
    lines = NEEDS + "XQ-8,提高隔膜耐热性,隔膜收缩,青屿\nXQ-9,降低能耗,【机密】13800001111,青屿\n"
    told = send(fresh, "company editor", "needs", lines).json()
    assert told["suspects"] == [
        {"sheet": "", "row": 3, "column": "需求内容", "kind": kind, "told": said}
        for kind, said in (("mark", "密级或保密字样"), ("phone", "电话号码"))
    ]
    assert told["suspect_cells"] == 2 and "13800001111" not in str(told)
    read = fresh.called("centre reader").get(f"{API}/needs/XQ-9")
    assert read.status_code == 200 and "13800001111" not in read.text


def test_who_is_not_known_is_sent_away_before_anything_is_read(fresh: Any) -> None:
    large = b"x" * (20 * 1024 * 1024 + 1)
    assert send(fresh, "anybody", "patents", large).status_code == 401
    wrong = {"Authorization": "Bearer nobody-s"}
    path = f"{API}/uploads/patents?name=a.csv"
    assert fresh.called("anybody").post(path, content=large, headers=wrong).status_code == 401
    assert send(fresh, "centre editor", "patents", large).status_code == 413
