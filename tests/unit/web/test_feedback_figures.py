"""Answers to matches given by HTTP, and the figures that come of matches."""

from typing import Any

import pytest

API = "/api/v1"
PAIR = {"need_id": "N-open", "patent_id": "P-open"}


def test_an_answer_is_kept_for_the_organisation_and_changed_by_saying_more(fresh: Any) -> None:
    company = fresh.called("company editor")
    first = company.post(f"{API}/feedback", json={**PAIR, "grade": 3, "note": "价高"})
    assert (first.status_code, first.json()["grade"]) == (201, 3)
    company.post(
        f"{API}/feedback", json={**PAIR, "reply": "暂不", "refusal_code": "价格或许可方式不合"}
    )
    kept = company.get(f"{API}/feedback", params={"need_id": "N-open"}).json()
    told = {name: kept[0][name] for name in ("grade", "reply", "refusal_code", "note")}
    assert (len(kept), told) == (
        1, {"grade": 3, "reply": "暂不", "refusal_code": "价格或许可方式不合", "note": "价高"},
    )  # fmt: skip
    (stored,) = fresh.matcher.store.feedback_of(["N-open"])
    assert stored.by == "company"


def test_what_others_said_is_not_told(fresh: Any) -> None:
    fresh.called("centre editor").post(f"{API}/feedback", json={**PAIR, "grade": 4})
    for caller in ("company admin", "other admin", "agency admin"):
        answer = fresh.called(caller).get(f"{API}/feedback", params={"need_id": "N-open"})
        assert (answer.status_code, answer.json()) == (200, [])


@pytest.mark.parametrize(("caller", "pair", "status"), [
    ("other editor", PAIR, 403), ("garden editor", PAIR, 403), ("agency editor", PAIR, 201),
    ("park editor", PAIR, 201), ("company editor", {**PAIR, "patent_id": "P-lone"}, 404),
])  # fmt: skip
def test_one_answers_for_ones_own_side_or_as_an_agency(
    caller: str, pair: dict[str, str], status: int, fresh: Any
) -> None:
    answer = fresh.called(caller).post(f"{API}/feedback", json={**pair, "grade": 2})
    assert answer.status_code == status, answer.text


def test_an_answer_that_says_nothing_is_refused(fresh: Any) -> None:
    answer = fresh.called("company editor").post(f"{API}/feedback", json=PAIR)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")


@pytest.fixture
def walked(fresh: Any) -> Any:
    """Three matches: one signed, one refused, one only pushed."""

    def step(caller: str, id: str, stage: str, **more: Any) -> None:
        answer = fresh.called(caller).post(
            f"{API}/matches/{id}/steps", json={"stage": stage, **more}
        )
        assert answer.status_code == 200, answer.text

    ids = []
    for need in ("N-open", "N-masked", "N-state"):
        pushed = {"need_id": need, "patent_id": "P-open", "willing": True}
        ids.append(fresh.called("centre editor").post(f"{API}/matches", json=pushed).json()["id"])
    step("company editor", ids[0], "willing")
    for stage in ("meeting", "intention", "contract"):
        step("centre editor", ids[0], stage)
    step("company editor", ids[1], "refused", refusal_code="价格或许可方式不合")
    return fresh


FUNNEL = {
    "pushed": 3, "read": 3, "willing": 3, "refused": 1, "agreed": 1, "meeting": 1, "intention": 1,
    "contract": 1, "filed": 0,
}  # fmt: skip


def figures(world: Any, caller: str, **asked: str) -> Any:
    answer = world.called(caller).get(f"{API}/statistics/matches", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_bureau_reads_how_far_matches_came(walked: Any) -> None:
    told = figures(walked, "bureau reader")
    assert (told["total"], told["refusals"]) == (
        FUNNEL, [{"name": "价格或许可方式不合", "count": 1}],
    )  # fmt: skip
    (month,) = told["groups"]
    assert month["name"][:2] == "20" and month["pushed"] == 3 and month["supply"] is None


def test_each_group_has_its_records_beside_it(walked: Any) -> None:
    by_centre = {one["name"]: one for one in figures(walked, "bureau admin", by="centre")["groups"]}
    mine = by_centre["云麓理工大学技术转移中心"]
    assert (mine["pushed"], mine["supply"], mine["demand"]) == (3, 4, None)
    by_company = {
        one["name"]: one for one in figures(walked, "bureau admin", by="company")["groups"]
    }
    assert {name: (one["pushed"], one["demand"]) for name, one in by_company.items()} == {
        "青屿新能源有限公司": (2, 4), "国瓷集团有限公司": (1, 1),
    }  # fmt: skip
    (park,) = figures(walked, "bureau admin", by="park")["groups"]
    assert (park["name"], park["pushed"], park["supply"], park["demand"]) == (
        "云麓高新区", 3, 6, 7,
    )  # fmt: skip
    (region,) = figures(walked, "bureau admin", by="region")["groups"]
    assert (region["name"], region["supply"], region["demand"]) == ("(未识别)", 6, 7)
    (industry,) = figures(walked, "bureau admin", by="industry")["groups"]
    assert (industry["name"], industry["pushed"], industry["supply"]) == ("(未填)", 3, 0)


def test_the_others_read_of_their_own_matches_alone(walked: Any) -> None:
    counts = {
        caller: figures(walked, caller)["total"]["pushed"]
        for caller in ("centre reader", "company reader", "park reader", "state reader",
                       "other reader", "agency reader")
    }  # fmt: skip
    assert counts == {
        "centre reader": 3, "company reader": 2, "park reader": 2, "state reader": 1,
        "other reader": 0, "agency reader": 0,
    }  # fmt: skip
    for group in figures(walked, "centre reader", by="company")["groups"]:
        assert (group["supply"], group["demand"]) == (None, None)
