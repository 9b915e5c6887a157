"""Matches that are pushed and answered, and what each side learns of the other on the way."""

from typing import Any

import pytest

API = "/api/v1/matches"
PUSH = {"need_id": "N-masked", "patent_id": "P-masked"}
CONTACTS = {"needs": "吴工 13900002222", "patents": "周经理 13800001111"}


def pushed(world: Any, caller: str = "centre editor", **more: Any) -> dict[str, Any]:
    answer = world.called(caller).post(API, json={**PUSH, **more})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def took(world: Any, caller: str, id: str, stage: str, **more: Any) -> Any:
    return world.called(caller).post(f"{API}/{id}/steps", json={"stage": stage, **more})


def shown(world: Any, caller: str, id: str) -> dict[str, Any]:
    answer = world.called(caller).get(f"{API}/{id}")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_a_walk_from_the_push_to_the_filing(fresh: Any, secrets: Any) -> None:
    """A park brings a company's need and a centre's patent together; nobody reads the other's
    contact or details before both agreed, both do then, and nobody else ever does."""
    contact, kept_back = secrets
    id = pushed(fresh, "park editor", note="请联系 13900002222 看看")["id"]
    seen = fresh.called("centre reader").get(f"{API}/{id}")
    assert not any(word in seen.text for word in (*CONTACTS["needs"].split(), *kept_back[1:2]))
    assert seen.json()["steps"][0]["note"] == "请联系 *********** 看看"
    assert seen.json()["need"]["title"] == "提高锂电池隔膜耐热性N-masked"
    assert [one["organisation"] for one in seen.json()["steps"]] == [None]
    assert (seen.json()["mine"], seen.json()["next"]) == (
        ["patents"], ["read", "willing", "refused"],
    )  # fmt: skip

    assert took(fresh, "centre editor", id, "read").json()["stage"] == "read"
    half = took(fresh, "centre editor", id, "willing").json()
    assert (half["stage"], half["agreed"], half["need"].get("contact")) == ("read", False, None)
    both = took(fresh, "company editor", id, "willing").json()
    assert (both["stage"], both["agreed"]) == ("willing", True)
    assert both["patent"]["terms"]["contact"] == CONTACTS["patents"]
    for caller in ("company reader", "park reader"):
        assert shown(fresh, caller, id)["patent"]["terms"]["contact"] == CONTACTS["patents"]
    theirs = shown(fresh, "centre reader", id)
    assert theirs["need"]["contact"] == CONTACTS["needs"]
    assert theirs["steps"][0]["organisation"]["name"] == "云麓高新区"
    assert theirs["steps"][0]["note"] == "请联系 13900002222 看看"
    record = fresh.called("centre reader").get("/api/v1/needs/N-masked").json()
    assert record["contact"] == CONTACTS["needs"]
    for caller in ("other admin", "state admin", "agency admin", "garden admin", "operator"):
        answer = fresh.called(caller).get("/api/v1/needs/N-masked")
        assert not any(word in answer.text for word in contact), caller

    for caller, stage in (
        ("park admin", "meeting"), ("centre editor", "intention"),
        ("company admin", "contract"), ("centre admin", "filed"),
    ):  # fmt: skip
        assert took(fresh, caller, id, stage).json()["stage"] == stage
    last = shown(fresh, "company reader", id)
    assert [one["stage"] for one in last["steps"]] == [
        "pushed", "read", "willing", "willing", "meeting", "intention", "contract", "filed",
    ]  # fmt: skip
    assert last["next"] == []


def test_a_refusal_says_why_and_hides_the_contact_again(fresh: Any) -> None:
    id = pushed(fresh, willing=True)["id"]
    assert took(fresh, "company editor", id, "willing").json()["agreed"]
    assert took(fresh, "company editor", id, "refused").status_code == 422
    said = took(fresh, "company editor", id, "refused", refusal_code="已有替代", note="已买了")
    assert (said.json()["stage"], said.json()["need_answer"]) == ("refused", "refused")
    theirs = shown(fresh, "centre reader", id)
    assert (theirs["steps"][-1]["refusal_code"], theirs["steps"][-1]["note"]) == (
        "已有替代", "已买了",
    )  # fmt: skip
    assert "contact" not in theirs["need"] and "company" not in theirs["need"]
    (answer,) = fresh.matcher.store.each_feedback()
    assert (answer.need_id, answer.patent_id, answer.by, answer.refusal_code) == (
        "N-masked", "P-masked", "company", "已有替代",
    )  # fmt: skip


def test_a_step_that_is_not_next_is_refused_with_what_is(fresh: Any) -> None:
    id = pushed(fresh)["id"]
    answer = took(fresh, "company editor", id, "contract")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_step")
    assert answer.json()["detail"] == (
        "这项对接现在是“推送”,不能记为“签约”,未作改动。您现在可以选的是:已读、愿意对接、拒绝。"
    )
    assert len(shown(fresh, "company reader", id)["steps"]) == 1


def test_nobody_answers_for_another_side_and_strangers_do_not_know_of_it(fresh: Any) -> None:
    id = pushed(fresh)["id"]
    other = took(fresh, "company editor", id, "willing", side="patents")
    assert (other.status_code, other.json()["detail"]) == (403, "您不能替另一方答复。")
    for caller in ("other admin", "state admin", "garden admin", "agency admin"):
        assert took(fresh, caller, id, "willing").status_code == 404, caller
        assert fresh.called(caller).get(f"{API}/{id}").status_code == 404, caller
        assert fresh.called(caller).get(API).json()["items"] == [], caller
    for caller in ("company reader", "centre reader"):
        assert took(fresh, caller, id, "willing").status_code == 403, caller


def test_an_agency_that_pushed_follows_and_answers_for_nobody(fresh: Any) -> None:
    id = pushed(fresh, "agency editor", need_id="N-open", patent_id="P-open", willing=True)["id"]
    told = shown(fresh, "agency reader", id)
    assert (told["mine"], told["next"], told["stage"]) == ([], [], "pushed")
    answer = took(fresh, "agency editor", id, "willing")
    assert (answer.status_code, answer.json()["detail"]) == (
        403, "只有需求方(或其园区)和专利方可以答复。",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("caller", "need", "patent", "status"),
    [
        ("other editor", "N-open", "P-open", 403),
        ("agency editor", "N-masked", "P-open", 403),
        ("garden editor", "N-open", "P-open", 403),
        ("centre editor", "N-named", "P-open", 404),
        ("company editor", "N-open", "P-named", 404),
        ("company editor", "N-open", "P-never", 404),
        ("company editor", "N-none", "P-open", 404),
        ("company editor", "N-open", "P-free", 422),
        ("centre editor", "N-free", "P-open", 422),
        ("centre editor", "N-open", "P-named", 422),
        ("company editor", "N-named", "P-open", 422),
        ("company editor", "N-open", "P-open", 201),
        ("park editor", "N-open", "P-open", 201),
        ("centre editor", "N-state", "P-open", 201),
        ("centre key write", "N-open", "P-open", 201),
    ],
)
def test_what_may_be_brought_together_by_whom(
    caller: str, need: str, patent: str, status: int, fresh: Any
) -> None:
    answer = fresh.called(caller).post(API, json={"need_id": need, "patent_id": patent})
    assert answer.status_code == status, answer.text
    listed = fresh.called("company reader").get(API).json()["items"]
    assert len(listed) == (status == 201 and need != "N-state")


def test_a_key_that_may_only_write_is_not_shown_the_records(fresh: Any) -> None:
    told = pushed(fresh, "centre key write")
    assert (told["need"], told["patent"]) == (None, None)
    assert fresh.called("centre key read").get(f"{API}/{told['id']}").json()["patent"]["title"]


def test_two_are_brought_together_once(fresh: Any) -> None:
    pushed(fresh)
    again = fresh.called("company editor").post(API, json=PUSH)
    assert (again.status_code, again.json()["code"]) == (409, "taken")


def test_lists_come_in_pages_and_by_stage_need_and_patent(fresh: Any) -> None:
    pairs = (("N-open", "P-open"), ("N-open", "P-masked"), ("N-masked", "P-open"))
    ids = {pair: pushed(fresh, need_id=pair[0], patent_id=pair[1])["id"] for pair in pairs}
    took(fresh, "company editor", ids["N-open", "P-open"], "willing")
    client = fresh.called("company reader")

    def listed(**wanted: Any) -> list[str]:
        return [one["id"] for one in client.get(API, params=wanted).json()["items"]]

    assert listed() == sorted(ids.values())
    assert listed(stage="read") == [ids["N-open", "P-open"]]
    assert listed(need_id="N-masked") == [ids["N-masked", "P-open"]]
    assert listed(patent_id="P-open", stage="pushed") == [ids["N-masked", "P-open"]]
    first = client.get(API, params={"limit": 2}).json()
    rest = client.get(API, params={"limit": 2, "after": first["next"]}).json()
    assert [one["id"] for one in (*first["items"], *rest["items"])] == sorted(ids.values())
    assert rest["next"] is None
    assert client.get(API, params={"stage": "gone"}).status_code == 422


def test_a_record_kept_back_since_is_left_out_and_the_rest_is_told(fresh: Any) -> None:
    id = pushed(fresh, need_id="N-open", patent_id="P-open")["id"]
    store = fresh.matcher.store
    (patent,) = store.patents(["P-open"])
    store.put_patents([patent.__class__(**{
        **{name: getattr(patent, name) for name in patent.__dataclass_fields__}, "level": "授权可见"
    })])  # fmt: skip
    told = shown(fresh, "company reader", id)
    assert told["patent"] is None and told["need"]["id"] == "N-open"
