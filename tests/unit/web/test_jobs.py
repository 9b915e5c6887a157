"""Exports and long lists in the background: who asks, what is in the file, how it ends."""

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from openpyxl import load_workbook

from matcher.jobs.running import run

API = "/api/v1"
LONG = "需求编号,需求名称,需求内容\n" + "".join(
    f"XQ-L{n},降低第{n}号窑炉能耗,能耗太高\n" for n in range(2100)
)


@pytest.fixture
def rung(fresh: Any) -> Any:
    """The jobs that a worker was told of, by the app of `fresh`."""
    told: list[str] = []
    fresh.app.state.desk = replace(fresh.desk, ring=told.append)
    return told


def work(world: Any, id: str) -> None:
    run(world.app.state.desk, id)


def ask(world: Any, who: str, **asked: Any) -> Any:
    return world.called(who).post(f"{API}/exports", json=asked)


def exported(world: Any, who: str, **asked: Any) -> list[dict[str, Any]]:
    """The needs of a JSONL export with their matches."""
    job = ask(world, who, format="jsonl", **asked).json()
    work(world, job["id"])
    told = world.called(who).get(f"{API}/jobs/{job['id']}").json()
    assert told["state"] == "done", told
    text = world.called("anybody").get(told["file"]["url"]).text
    return [json.loads(line) for line in text.splitlines()[1:]]


def test_a_park_takes_home_the_matches_of_its_companies(
    fresh: Any, rung: list[str], secrets: Any
) -> None:
    answer = ask(fresh, "park reader", k=3)
    job = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (202, f"{API}/jobs/{job['id']}")
    assert (job["kind"], job["state"], job["file"]) == ("export", "queued", None)
    assert rung == [job["id"]]
    work(fresh, job["id"])
    told = fresh.called("park admin").get(f"{API}/jobs/{job['id']}").json()
    assert (told["state"], told["stage"], told["done"], told["total"]) == ("done", "", 0, 0)
    assert told["export"] == {"needs": 3, "matches": 9, "unmatched": 0}
    got = fresh.called("anybody").get(told["file"]["url"])
    assert got.headers["content-type"].endswith("spreadsheetml.sheet")
    assert "attachment" in got.headers["content-disposition"]
    text = str([list(sheet.values) for sheet in load_workbook(io.BytesIO(got.content))])
    assert "N-open" in text and "P-open" in text
    for word in (*secrets[0], *secrets[1], "P-lone", "P-named", "N-free", "N-state"):
        assert word not in text, word


@pytest.mark.parametrize(
    ("who", "own", "needs"),
    [
        ("company reader", True, "N-masked N-named N-open"),
        ("company reader", False, "N-free N-masked N-named N-open"),
        ("state reader", True, "N-state"),
        ("centre reader", True, "N-free N-open"),
        ("other reader", True, "N-free N-named N-open"),
        ("agency reader", True, "N-free N-open"),
    ],
)
@pytest.mark.usefixtures("rung")
def test_needs_are_those_that_one_may_match_from(
    who: str, own: bool, needs: str, fresh: Any
) -> None:
    lines = exported(fresh, who, own=own)
    assert [one["need"]["need_id"] for one in lines] == needs.split()


@pytest.mark.usefixtures("rung")
def test_a_centre_s_file_has_its_own_patents_alone_unless_it_says_so(fresh: Any) -> None:
    def patents(own: bool) -> set[str]:
        lines = exported(fresh, "centre reader", own=own)
        return {one["patent"]["patent_id"] for line in lines for one in line["matches"]}

    assert patents(True) == {"P-open", "P-masked", "P-named"}
    assert patents(False) == {"P-open", "P-masked", "P-named", "P-free"}


@pytest.mark.usefixtures("rung")
def test_the_level_that_holds_decides_what_leaves(fresh: Any) -> None:
    lines = str(exported(fresh, "state reader"))
    assert "N-state" in lines and "(脱敏)" in lines and "青屿新能源" not in lines


def test_a_link_is_for_one_file_and_a_while(fresh: Any, rung: list[str]) -> None:
    job = ask(fresh, "park reader").json()
    work(fresh, job["id"])
    other = ask(fresh, "park reader").json()
    link = fresh.called("park reader").get(f"{API}/jobs/{job['id']}").json()["file"]["url"]
    anybody = fresh.called("anybody")
    assert anybody.get(link).status_code == 200
    wrong = (
        link.replace(job["id"], other["id"]), link[:-1] + ("0" if link[-1] != "0" else "1"),
        link.replace("until=", "until=9"), link.replace("until=", "until=0&x="),
    )  # fmt: skip
    for address in wrong:
        assert anybody.get(address).status_code == 404, address
    until = fresh.desk.now - 1
    late = fresh.desk.digest("file", f"{job['id']} {until}")
    address = f"{API}/files/{job['id']}?until={until}&signature={late}"
    assert anybody.get(address).status_code == 404
    until = fresh.desk.now + 99
    none = fresh.desk.digest("file", f"{other['id']} {until}")
    address = f"{API}/files/{other['id']}?until={until}&signature={none}"
    assert anybody.get(address).status_code == 404  # not made yet


def test_jobs_are_one_s_organisation_s_the_latest_first(fresh: Any, rung: list[str]) -> None:
    for who in ("park reader", "park editor", "company reader"):
        assert ask(fresh, who).status_code == 202
    page = fresh.called("park reader").get(f"{API}/jobs", params={"limit": 1}).json()
    assert page["next"] == page["items"][0]["id"]
    rest = fresh.called("park reader").get(f"{API}/jobs", params={"after": page["next"]}).json()
    found = [page["items"][0]["id"], *(one["id"] for one in rest["items"])]
    assert (sorted(found), rest["next"]) == (sorted(rung[:2]), None)
    for who, status in (("company admin", 404), ("operator", 404), ("park reader", 200)):
        assert fresh.called(who).get(f"{API}/jobs/{rung[0]}").status_code == status
    theirs = fresh.called("company admin").post(f"{API}/jobs/{rung[0]}/cancel")
    assert theirs.status_code == 404


def test_a_long_list_is_taken_in_the_background(fresh: Any, rung: list[str]) -> None:
    client = fresh.called("company editor")
    sent = {"params": {"name": "长清单.csv"}, "content": LONG.encode()}
    answer = client.post(f"{API}/uploads/needs", **sent)
    job = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (202, f"{API}/jobs/{job['id']}")
    assert len(list((fresh.matcher.home / "incoming").iterdir())) == 1
    work(fresh, job["id"])
    told = client.get(f"{API}/jobs/{job['id']}").json()
    assert (told["state"], told["upload"]["outcomes"]) == ("done", {"new": 2100})
    assert told["upload"]["file"] == "长清单.csv"
    owner = fresh.matcher.store.owners.of("needs", "XQ-L2099")
    assert owner is not None and owner.id == "company"
    assert list((fresh.matcher.home / "incoming").iterdir()) == []
    short = {"params": {"name": "短.csv"}, "content": LONG[:200].encode()}
    assert client.post(f"{API}/uploads/needs", **short).status_code == 200


def test_a_list_that_cannot_be_used_fails_with_the_reason(fresh: Any, rung: list[str]) -> None:
    client = fresh.called("company editor")
    sent = {"params": {"name": "乱.csv"}, "content": b"a,b\n" + b"1,2\n" * 2100}
    job = client.post(f"{API}/uploads/needs", **sent).json()
    work(fresh, job["id"])
    told = client.get(f"{API}/jobs/{job['id']}").json()
    assert (told["state"], told["error"]["code"]) == ("failed", "nothing_usable")
    assert "表头" in told["error"]["detail"] or "列" in told["error"]["detail"]
    assert list((fresh.matcher.home / "incoming").iterdir()) == []


def test_who_left_meanwhile_brings_nothing(fresh: Any, rung: list[str]) -> None:
    before = fresh.matcher.store.snapshot()
    sent = {"params": {"name": "长清单.csv"}, "content": LONG.encode()}
    job = fresh.called("company editor").post(f"{API}/uploads/needs", **sent).json()
    fresh.matcher.store.accounts.leave("company-editor", "company")
    work(fresh, job["id"])
    told = fresh.called("company admin").get(f"{API}/jobs/{job['id']}").json()
    assert (told["state"], told["error"]["code"]) == ("failed", "not_allowed")
    assert fresh.matcher.store.snapshot() == before


def test_a_job_is_cancelled_while_it_waits_and_not_when_it_has_ended(
    fresh: Any, rung: list[str]
) -> None:
    client = fresh.called("park editor")
    job = ask(fresh, "park editor").json()
    gone = client.post(f"{API}/jobs/{job['id']}/cancel")
    assert (gone.status_code, gone.json()["state"]) == (200, "cancelled")
    work(fresh, job["id"])
    assert client.get(f"{API}/jobs/{job['id']}").json()["state"] == "cancelled"
    assert client.post(f"{API}/jobs/{job['id']}/cancel").status_code == 409
    other = ask(fresh, "park editor").json()
    assert fresh.called("park reader").post(f"{API}/jobs/{other['id']}/cancel").status_code == 403


def test_an_operator_has_the_index_built(fresh: Any, rung: list[str]) -> None:
    operator = fresh.called("operator")
    job = operator.post(f"{API}/jobs", json={"kind": "index"}).json()
    work(fresh, job["id"])
    (told,) = operator.get(f"{API}/jobs").json()["items"]
    assert (told["id"], told["state"], told["kind"]) == (job["id"], "done", "index")
    learnt = operator.post(f"{API}/jobs", json={"kind": "train"}).json()
    work(fresh, learnt["id"])
    told = operator.get(f"{API}/jobs/{learnt['id']}").json()
    assert (told["state"], told["error"]["code"]) == ("failed", "nothing_usable")


def test_a_wrong_filter_is_told_at_once(fresh: Any, rung: list[str]) -> None:
    answer = ask(fresh, "park reader", filter={"region": ["火星"]})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_filter")
    assert rung == []


def test_without_a_worker_there_is_no_export(fresh: Any) -> None:
    answer = ask(fresh, "park reader")
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")
    sent = {"params": {"name": "长清单.csv"}, "content": LONG.encode()}
    taken = fresh.called("company editor").post(f"{API}/uploads/needs", **sent)
    assert (taken.status_code, taken.json()["outcomes"]) == (200, {"new": 2100})


def test_the_keeper_has_a_worker_build_and_asks_once(fresh: Any, rung: list[str]) -> None:
    store = fresh.matcher.store
    first = store.jobs.add_alone("index", now=fresh.desk.now)
    assert first is not None and store.jobs.add_alone("index", now=fresh.desk.now) is None
    work(fresh, first.id)
    assert store.jobs.job(first.id).state == "done"
    assert store.jobs.add_alone("index", now=fresh.desk.now) is not None
