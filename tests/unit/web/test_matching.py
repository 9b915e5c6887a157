"""Matches under filters and under the policy."""

from typing import Any

import pytest

MATCH = "/api/v1/match"
ASK = {"text": "勃姆石或氮化硼隔膜", "k": 20}


def found(world: Any, caller: str, **asked: Any) -> list[str]:
    answer = world.called(caller).post(MATCH, json={**ASK, **asked})
    assert answer.status_code == 200, answer.text
    side = "need_id" if asked.get("side") == "needs" else "patent_id"
    return sorted(item[side] for item in answer.json()["items"])


@pytest.mark.parametrize(
    ("caller", "patents", "needs"),
    [
        ("centre reader", "P-free P-masked P-named P-open", "N-free N-masked N-open N-state"),
        ("agency admin", "P-free P-masked P-named P-open", "N-free N-masked N-open N-state"),
        ("other editor", "P-free P-masked P-open", "N-free N-masked N-named N-open N-state"),
        ("park reader", "P-free P-masked P-open", "N-free N-masked N-named N-open N-state"),
        ("garden admin", "P-free P-masked P-open", "N-free N-masked N-open N-state"),
        ("centre key match", "P-free P-masked P-named P-open", "N-free N-masked N-open N-state"),
    ],
)
def test_a_text_finds_what_the_caller_may_see(
    caller: str, patents: str, needs: str, world: Any
) -> None:
    assert found(world, caller) == patents.split()
    assert found(world, caller, side="needs") == needs.split()


def test_the_same_matches_as_the_engine_gives_in_the_same_order(world: Any) -> None:
    expected = [
        (one.patent_id, one.score, one.chance, one.grade)
        for one in world.matcher.match(ASK["text"], k=20).matches
        if one.patent_id not in ("P-lone", "P-named", "P-never")
    ]
    items = world.called("other reader").post(MATCH, json=ASK).json()["items"]
    assert [
        (item["patent_id"], item["score"], item["chance"], item["grade"]) for item in items
    ] == expected
    assert [item["rank"] for item in items] == [1, 2, 3]


def test_a_short_list_is_filled_from_further_down(world: Any) -> None:
    for k in (1, 2, 3):
        items = world.called("other reader").post(MATCH, json={**ASK, "k": k}).json()["items"]
        assert len(items) == k


def test_what_is_found_is_shown_as_far_as_it_may_be_seen(world: Any, secrets: Any) -> None:
    contact, kept_back = secrets
    answer = world.called("other reader").post(MATCH, json={**ASK, "explain": True})
    assert [word for word in (*contact, *kept_back) if word in answer.text] == []
    items = {item["patent_id"]: item for item in answer.json()["items"]}
    assert items["P-masked"]["evidence"] == items["P-masked"]["checks"] == []
    assert "applicants" not in items["P-masked"]["patent"]
    assert items["P-open"]["evidence"][0]["sentence"] == "勃姆石隔膜。"
    assert items["P-open"]["patent"]["applicants"] == [{"name": "云麓理工大学", "kind": "高校"}]
    own = world.called("centre reader").post(MATCH, json=ASK).json()["items"]
    (masked,) = (item for item in own if item["patent_id"] == "P-masked")
    assert masked["evidence"][0]["sentence"] == "密钥工艺:氮化硼隔膜。"


def test_an_explanation_is_given_when_asked_for_and_adds_up(world: Any) -> None:
    items = world.called("other reader").post(MATCH, json={**ASK, "explain": True}).json()["items"]
    for item in items:
        told = item["explanation"]
        assert told["score"] == item["score"]
        total = told["start"] + sum(bar["value"] for bar in told["bars"])
        assert total == pytest.approx(item["score"], abs=1e-4)
    plain = world.called("other reader").post(MATCH, json=ASK).json()["items"]
    assert all("explanation" not in item and "parts" not in item for item in plain)


@pytest.mark.parametrize(
    ("filter", "patents"),
    [
        ({"kind": ["发明"]}, "P-free P-masked P-open"),
        ({"ipc": ["h01m"]}, "P-free P-masked P-open"),
        ({"applicant": ["云麓"]}, "P-free P-open"),
        ({"applicant": ["隐嘉"]}, ""),
        ({"park": ["高新区"]}, "P-free P-open"),
        ({"trl_min": 3}, "P-free P-open"),
        ({"price_max": 30}, "P-free P-open"),
        ({"price_max": 29}, ""),
        ({"legal_status": ["失效"]}, ""),
    ],
)
def test_a_filter_finds_nothing_by_a_hidden_field(
    filter: dict[str, Any], patents: str, world: Any
) -> None:
    assert found(world, "other reader", filter=filter) == patents.split()


def test_the_owner_finds_its_own_by_any_field(world: Any) -> None:
    assert found(world, "centre reader", filter={"applicant": ["隐嘉"]}) == ["P-masked", "P-named"]


@pytest.mark.parametrize(
    ("caller", "asked", "status"),
    [
        ("company reader", {"need_id": "N-masked"}, 200),
        ("park reader", {"need_id": "N-masked"}, 200),
        ("centre admin", {"need_id": "N-open"}, 200),
        ("centre admin", {"need_id": "N-masked"}, 403),
        ("centre admin", {"need_id": "N-named"}, 404),
        ("other admin", {"need_id": "N-named"}, 200),
        ("centre reader", {"patent_id": "P-named"}, 200),
        ("agency reader", {"patent_id": "P-named"}, 200),
        ("agency reader", {"patent_id": "P-masked"}, 403),
        ("agency reader", {"patent_id": "P-lone"}, 404),
        ("agency reader", {"patent_id": "P-gone"}, 404),
        ("centre key match", {"patent_id": "P-masked"}, 200),
        ("agency reader", {}, 422),
        ("agency reader", {"text": "隔膜", "need_id": "N-open"}, 422),
        ("agency reader", {"text": "  "}, 422),
        ("agency reader", {"text": "隔膜", "filter": {"region": ["没有这里"]}}, 422),
        ("agency reader", {"text": "隔膜", "side": "needs", "filter": {"ipc": ["H01M"]}}, 422),
        ("agency reader", {"text": "隔膜", "k": 51}, 422),
        ("agency reader", {"text": "隔膜", "topk": 5}, 422),
        ("agency reader", {"text": "隔" * 5001}, 422),
    ],
)
def test_who_may_ask_with_which_record(
    caller: str, asked: dict[str, Any], status: int, world: Any
) -> None:
    answer = world.called(caller).post(MATCH, json=asked)
    assert answer.status_code == status, answer.text


def test_a_need_asks_as_in_the_engine(world: Any) -> None:
    items = world.called("company reader").post(MATCH, json={"need_id": "N-masked"}).json()["items"]
    direct = world.matcher.match_need("N-masked", k=10).matches
    seen = [one.patent_id for one in direct if one.patent_id in ("P-free", "P-open", "P-masked")]
    assert [item["patent_id"] for item in items] == seen
    assert {item["need_id"] for item in items} == {"N-masked"}


def test_no_suitable_patent_is_an_answer(fresh: Any) -> None:
    answer = fresh.called("other reader").post(
        MATCH, json={**ASK, "filter": {"kind": ["外观设计"]}}
    )
    assert answer.json() == {
        "items": [], "no_match": True, "total": 3, "passed": 0, "relax": "kind",
        "removed": [{"filter": "kind", "removed": 3, "only": 3}],
    }  # fmt: skip


PARK, HENAN = {"park": ["云麓高新区"]}, {"region": ["41"]}


@pytest.mark.parametrize(
    ("who", "side", "filter", "counts"),
    [
        ("other reader", "patents", {}, (3, 3)),  # not those that name others
        ("agency reader", "patents", {}, (4, 4)),
        ("centre reader", "patents", {}, (4, 4)),
        ("other reader", "patents", PARK, (2, 2)),  # the park of a masked one is hidden
        ("centre reader", "patents", PARK, (4, 4)),
        ("centre reader", "needs", {}, (4, 4)),  # the summary of the state-owned one among them
        ("centre reader", "needs", PARK, (2, 2)),
        ("state reader", "needs", PARK, (3, 3)),
        ("park reader", "needs", HENAN, (4, 0)),
    ],
)
def test_counts_are_over_what_the_caller_may_find(
    who: str, side: str, filter: Any, counts: tuple[int, int], world: Any
) -> None:
    asked = {"text": "隔膜", "side": side, "filter": filter, "k": 50}
    told = world.called(who).post(MATCH, json=asked).json()
    assert (told["total"], told["passed"]) == counts
    assert len(told["items"]) == counts[1]


def test_statistics_are_counts_and_name_no_organisation(world: Any, secrets: Any) -> None:
    answer = world.called("bureau reader").get("/api/v1/statistics")
    told = answer.json()
    assert (told["patents"], told["needs"]) == (6, 7)
    assert told["tables"]["专利类型"] == [{"name": "发明", "count": 6}]
    assert "专利申请人" not in told["tables"]
    assert [word for word in (*secrets[0], *secrets[1]) if word in answer.text] == []
