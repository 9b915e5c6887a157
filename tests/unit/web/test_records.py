"""What each caller sees of each record: reading, listing, and by owner."""

from typing import Any

import pytest

API = "/api/v1"
SEEN = """
record    centre      agency      other    company     park        state       rest
P-free    details     details     details  details     details     details     details
P-open    everything  details     details  details     details     details     details
P-masked  everything  summary     summary  summary     summary     summary     summary
P-named   everything  details     nothing  nothing     nothing     nothing     nothing
P-lone    nothing     nothing     nothing  nothing     nothing     nothing     nothing
P-never   nothing     nothing     nothing  nothing     nothing     nothing     nothing
N-free    details     details     details  details     details     details     details
N-open    details     details     details  everything  everything  details     details
N-masked  summary     summary     summary  everything  everything  summary     summary
N-named   nothing     nothing     details  everything  everything  nothing     nothing
N-lone    nothing     nothing     nothing  nothing     nothing     nothing     nothing
N-state   summary     summary     summary  summary     summary     everything  summary
N-never   nothing     nothing     nothing  nothing     nothing     nothing     nothing
"""
FIELDS = {
    "P summary": "abstract hidden id industries ipc kind legal_status level title",
    "P details": "abstract applicants application_date application_number college credit_code "
    "expiry_date first_claim flags grant_date hidden id industries inventors ipc kind "
    "legal_status legal_status_raw level licences owners park pledges publication_date "
    "publication_numbers region terms title transfers",
    "P everything": "address",
    "N summary": "field hidden id industries keywords level modes title",
    "N details": "budget_max budget_min budget_text company content credit_code deadline "
    "deadline_text expected_goal field flags hidden id industries key_technology keywords level "
    "main_problem modes park region title",
    "N everything": "address contact",
}


def cells() -> dict[str, dict[str, str]]:
    head, *lines = [line.split() for line in SEEN.strip().splitlines()]
    return {line[0]: dict(zip(head[1:], line[1:], strict=True)) for line in lines}


def expected(record: str, caller: str) -> str:
    row = cells()[record]
    if "key" in caller and not caller.endswith("read"):
        return "forbidden"
    return row.get(caller.split()[0], row["rest"])


def fields(record: str, sight: str) -> list[str]:
    if sight == "everything":
        return sorted([*fields(record, "details"), *FIELDS[f"{record[0]} everything"].split()])
    return FIELDS[f"{record[0]} {sight}"].split()


def folder(record: str) -> str:
    return f"{API}/{'patents' if record[0] == 'P' else 'needs'}"


@pytest.mark.parametrize("record", cells())
def test_each_caller_reads_what_the_table_says(
    record: str, world: Any, callers: tuple[str, ...], secrets: Any
) -> None:
    contact, kept_back = secrets
    for caller in callers:
        answer = world.called(caller).get(f"{folder(record)}/{record}")
        sight = expected(record, caller)
        statuses = {"nothing": 404, "forbidden": 403}
        assert answer.status_code == statuses.get(sight, 200), caller
        told = answer.json()
        if answer.status_code == 200:
            assert sorted(set(told) - {"owner"}) == fields(record, sight), caller
            assert (told["hidden"] == []) == (sight == "everything")
        if sight != "everything":
            assert [word for word in contact if word in answer.text] == [], caller
        if sight in ("nothing", "summary", "forbidden"):
            assert [word for word in kept_back if word in answer.text] == [], caller
            assert "owner" not in told


@pytest.mark.parametrize("side", ["P", "N"])
def test_lists_hold_what_may_be_seen_and_nothing_else(
    side: str, world: Any, callers: tuple[str, ...]
) -> None:
    for caller in callers:
        records = sorted(record for record in cells() if record[0] == side)
        client = world.called(caller)
        if expected(records[0], caller) == "forbidden":
            assert client.get(folder(side)).status_code == 403
            continue
        found: dict[str, list[str]] = {}
        after, pages = "", 0
        while after is not None:
            page = client.get(folder(side), params={"after": after, "limit": 2}).json()
            found.update({item["id"]: item for item in page["items"]})
            assert len(page["items"]) == 2 or page["next"] is None
            after, pages = page["next"], pages + 1
        assert list(found) == [r for r in records if expected(r, caller) != "nothing"], caller
        for record, item in found.items():
            assert sorted(set(item) - {"owner"}) == fields(record, expected(record, caller))


def test_contact_data_is_for_the_owner_alone(world: Any) -> None:
    own = world.called("centre reader").get(f"{API}/patents/P-open").json()
    assert own["terms"]["contact"] == "周经理 13800001111"
    foreign = world.called("other admin").get(f"{API}/patents/P-open").json()
    assert foreign["terms"]["contact"] == "" and "terms.contact" in foreign["hidden"]
    assert foreign["terms"]["price_min"] == 30.0


def test_numbers_in_running_text_are_starred_out_for_strangers(world: Any) -> None:
    path = f"{API}/needs/N-open"
    assert "13900002222" in world.called("company reader").get(path).json()["content"]
    assert world.called("agency reader").get(path).json()["content"] == (
        "隔膜高温收缩,请联系***********。"
    )


def test_a_state_owned_company_s_record_is_masked_by_default(fresh: Any) -> None:
    path = f"{API}/needs/N-state"
    assert fresh.called("anybody").get(path).json()["level"] == "脱敏"
    fresh.matcher.store.owners.own("needs", ["N-state"], "state", level_stated=True)
    told = fresh.called("anybody").get(path).json()
    assert (told["level"], told["company"]) == ("公开", "青屿新能源")


def test_a_record_not_to_be_seen_is_as_one_that_is_not_there(world: Any) -> None:
    client = world.called("other admin")
    kept, gone = (client.get(f"{API}/patents/{id}") for id in ("P-lone", "P-gone"))
    assert kept.json() == {
        "type": "urn:patmatch:problem:unknown_id",
        "title": "没有找到",
        "status": 404,
        "detail": "没有编号为“P-lone”的专利。请核对编号。",
        "code": "unknown_id",
    }
    assert gone.text == kept.text.replace("P-lone", "P-gone")
    assert gone.headers == kept.headers


@pytest.mark.parametrize(
    ("caller", "owner", "found"),
    [
        ("anybody", "company", ["N-open"]),
        ("centre admin", "company", ["N-open"]),
        ("other admin", "company", ["N-named", "N-open"]),
        ("park reader", "company", ["N-masked", "N-named", "N-open"]),
        ("garden admin", "company", ["N-open"]),
        ("anybody", "state", []),
        ("state reader", "state", ["N-state"]),
        ("anybody", "nobody", []),
    ],
)
def test_asking_for_an_owner_tells_nothing_of_masked_records(
    caller: str, owner: str, found: list[str], world: Any
) -> None:
    page = world.called(caller).get(f"{API}/needs", params={"owner": owner}).json()
    assert [item["id"] for item in page["items"]] == found
    assert {item["owner"]["id"] for item in page["items"]} <= {owner}


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "1e3", "9" * 400])
def test_a_page_has_between_one_and_a_hundred(limit: str, world: Any) -> None:
    answer = world.called("anybody").get(f"{API}/needs", params={"limit": limit})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert answer.json()["errors"][0]["where"] == "limit"
