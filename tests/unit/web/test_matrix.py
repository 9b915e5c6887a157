"""Every route × caller × level × own, park's, named and foreign record.  The probes stand beside
the route table: a route without one fails.  What may be seen is written here by hand."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Literal

import pytest

from matcher.jobs.running import run
from matcher.records import Need, Party, Patent, Terms
from matcher.web.rules import PREFIX, RULES

Depth = Literal["nothing", "summary", "details", "everything"]
DEPTHS: tuple[Depth, ...] = ("nothing", "summary", "details", "everything")
SEEN: Mapping[str, Mapping[str, Depth]] = {
    "公开": {"own": "everything", "park": "everything", "named": "details", "foreign": "details"},
    "脱敏": {"own": "everything", "park": "everything", "named": "summary", "foreign": "summary"},
    "授权可见": {"own": "everything", "park": "everything", "named": "details",
                 "foreign": "nothing"},
    "不入库": {"own": "nothing", "park": "nothing", "named": "nothing", "foreign": "nothing"},
}  # fmt: skip
OWNERS = {"patents": ("centre", "other", ""), "needs": ("company", "state", "")}
NAMED = {"patents": "agency", "needs": "other"}
PARK_OF = {"company": "park"}
BRINGERS = {"patents": ("centre", "other"), "needs": ("park", "garden", "company", "state")}


@dataclass(frozen=True)
class Kept:
    """One record of the matrix and its words: of its title, of its details, of its contact."""

    id: str
    side: str
    level: str
    owner: str

    @property
    def words(self) -> tuple[str, str, str]:
        return f"题{self.id}", f"密{self.id}", f"络{self.id}"

    def seen_by(self, caller: str) -> Depth:
        who = caller.split()[0]
        if self.owner and who == self.owner:
            near = "own"
        elif self.side == "needs" and self.owner and who == PARK_OF.get(self.owner):
            near = "park"
        else:
            near = "named" if who == NAMED[self.side] else "foreign"
        level = "脱敏" if self.owner == "state" and self.level == "公开" else self.level
        return SEEN[level][near]

    def record(self) -> Any:
        title, detail, contact = self.words
        if self.side == "patents":
            return Patent(
                id=self.id, keys=(f"A:{self.id}",), title=f"锂电池隔膜{title}",
                abstract="涂覆陶瓷的隔膜。", first_claim=f"隔膜,{detail}。",
                applicants=(Party(f"大学{detail}", "高校"),), address=f"路{contact}",
                level=self.level, terms=Terms(contact=f"人{contact}"), kind="发明",
            )  # type: ignore[arg-type]  # fmt: skip
        return Need(
            id=self.id, title=f"提高锂电池隔膜耐热性{title}", content=f"隔膜收缩,{detail}。",
            company=f"公司{detail}", address=f"路{contact}", contact=f"人{contact}",
            level=self.level,
        )  # type: ignore[arg-type]  # fmt: skip


RECORDS = [
    Kept(f"{side[0].upper()}{number}{owner or 'none'}x", side, level, owner)
    for side, owners in OWNERS.items()
    for owner, (number, level) in product(owners, enumerate(SEEN))
]


@pytest.fixture(scope="module")
def laid_out(make_world: Any, fill_people: Any, tmp_path_factory: Any) -> Path:
    """The home of the matrix, indexed, that is only copied."""
    home: Path = tmp_path_factory.mktemp("matrix") / "home"
    with make_world(home) as made:
        store = made.matcher.store
        fill_people(store, made.desk)
        store.put_patents([one.record() for one in RECORDS if one.side == "patents"])
        store.put_needs([one.record() for one in RECORDS if one.side == "needs"])
        for one in RECORDS:
            if one.owner:
                store.owners.own(one.side, [one.id], one.owner, level_stated=one.owner != "state")
            if one.level == "授权可见":
                store.owners.name(one.side, one.id, [NAMED[one.side]])
        made.matcher.refresh()
    return home


@pytest.fixture
def matrix(make_world: Any, laid_out: Path, tmp_path: Path) -> Any:
    shutil.copytree(laid_out, tmp_path / "home")
    with make_world(tmp_path / "home") as made:
        yield made


# ---------------------------------------------------------------- what each route is asked
Sent = tuple[str, Any]  # the address with its query, and the body


def at(path: str, body: Any = None) -> Callable[[Kept | None], Sent]:
    return lambda one: (path.format(one.id if one else ""), body)


def about(name: str, **more: Any) -> Callable[[Kept | None], Sent]:
    path, key = name.rsplit(" ", 1)
    return lambda one: (path, {key: one.id if one else "", **more})


EACH: dict[str, tuple[str, Callable[[Kept | None], Sent]]] = {
    # asked of each record of the side: as it reads one, changes one, or matches from one
    "GET /patents/{id:path}": ("patents reads", at("/patents/{}")),
    "GET /needs/{id:path}": ("needs reads", at("/needs/{}")),
    "PUT /patents/{id:path}": ("patents changes", at("/patents/{}", {"title": "隔膜的新题目"})),
    "PUT /needs/{id:path}": ("needs changes", at("/needs/{}", {"title": "隔膜的新题目"})),
    "DELETE /patents/{id:path}": ("patents changes", at("/patents/{}")),
    "DELETE /needs/{id:path}": ("needs changes", at("/needs/{}")),
    "POST /patents/withdraw": ("patents withdraws", lambda o: ("/patents/withdraw", _ids(o))),
    "POST /needs/withdraw": ("needs withdraws", lambda o: ("/needs/withdraw", _ids(o))),
    "POST /match": ("needs asks", about("/match need_id", k=50, explain=True)),
    "POST /me/watches": ("needs watches", about("/me/watches need_id")),
    "POST /matches": ("needs pushes", about("/matches need_id", patent_id="P0centrex")),
    "POST /feedback": ("needs answers", about("/feedback need_id", patent_id="P0centrex", grade=3)),
    "GET /feedback": ("needs reads of", lambda o: (f"/feedback?need_id={o.id if o else ''}", None)),
}
ONCE: dict[str, list[Sent]] = {
    "GET /patents": [("/patents?limit=100", None), ("/patents?limit=100&owner=centre", None)],
    "GET /needs": [("/needs?limit=100", None), ("/needs?limit=100&owner=state", None)],
    "POST /match": [("/match", {"text": "隔膜耐热", "k": 50, "explain": True}),
                    ("/match", {"text": "隔膜耐热", "k": 50, "side": "needs"}),
                    ("/match", {"text": "隔膜", "filter": {"applicant": ["大学密P1centrex"]}})],
    "GET /matches": [("/matches?limit=100", None)],
    "POST /exports": [("/exports", {"format": "jsonl", "k": 50, "own": False})],
    "GET /statistics": [("/statistics", None)],
    "GET /statistics/matches": [("/statistics/matches?by=company", None)],
    "GET /audit": [("/audit", None)],
    "GET /me/data": [("/me/data", None)],
    "POST /uploads/needs": [("/uploads/needs?name=a.csv", b"title\n\xe9\x9a\x94\xe8\x86\x9c")],
    "POST /uploads/patents": [("/uploads/patents?name=a.csv", b"title\n\xe9\x9a\x94\xe8\x86\x9c")],
}  # fmt: skip
BARE = {  # deal with no record: asked without a body, nothing of any record may come out
    *(route for route in RULES if "organisations" in route or "key" in route),
    "GET /health/live", "GET /health/ready", "GET /openapi.json", "POST /session",
    "DELETE /session", "POST /invitations/accept", "POST /password/forgotten",
    "POST /password/reset", "PUT /me/password", "GET /me/watches", "DELETE /me/watches/{watch_id}",
    "GET /me", "DELETE /me", "POST /patents", "POST /needs", "GET /uploads/{upload_id}/rejects",
    "GET /jobs", "POST /jobs", "GET /jobs/{job_id}", "POST /jobs/{job_id}/cancel",
    "GET /files/{job_id}", "GET /matches/{match_id}", "POST /matches/{match_id}/steps",
    "GET /regions", "GET /industries", "GET /parks", "GET /metrics",
}  # fmt: skip


def _ids(one: Kept | None) -> Any:
    return {"ids": [one.id if one else ""]}


def shown(text: str, one: Kept) -> Depth:
    """How much of a record stands in an answer."""
    found = [word in text for word in one.words]
    return DEPTHS[max((place + 1 for place, there in enumerate(found) if there), default=0)]


def check_nothing_above(text: str, caller: str, route: str) -> None:
    for one in RECORDS:
        depth, right = shown(text, one), one.seen_by(caller)
        assert DEPTHS.index(depth) <= DEPTHS.index(right), (route, caller, one, depth, right)


def send(client: Any, route: str, sent: Sent) -> Any:
    path, body = sent
    method = route.split(" ")[0]
    head = {"If-Match": '"another"'} if method in ("PUT", "DELETE") else {}
    given = {"content": body} if isinstance(body, bytes) else {"json": body}
    return client.request(method, PREFIX + path, headers=head, **given)


def expected(how: str, one: Kept, caller: str) -> set[int]:
    """The statuses that are right for one record."""
    depth, who = one.seen_by(caller), caller.split()
    known, key = who[0] not in ("anybody", "operator"), "key" in who
    matching = known and who[0] != "bureau"
    writer = matching and (who[-1] == "write" if key else who[-1] in ("admin", "editor"))
    refused = {401} if caller == "anybody" else {403}
    if how == "reads":
        if key and who[-1] != "read":
            return {403}
        return {404} if depth == "nothing" else {200}
    if how in ("changes", "withdraws"):
        if not (writer and who[0] in BRINGERS[one.side]):
            return refused
        if depth == "nothing":
            return {404}
        if depth != "everything":
            return {403}
        return {412} if how == "changes" else {200}
    if how in ("asks", "watches"):
        allowed = matching and (who[-1] == "match" or not key) if how == "asks" else (
            matching and not key
        )  # fmt: skip
        if not allowed:
            return refused
        if depth == "nothing":
            return {404}
        return {403} if depth == "summary" else {200 if how == "asks" else 201}
    if how in ("pushes", "answers"):
        if not writer:
            return refused
        if depth == "nothing":
            return {404}
        mine = depth == "everything" or who[0] == "centre"
        if not mine and not (who[0] == "agency" and depth == "details"):
            return {403}
        return {201} if how == "answers" else {201, 422}
    assert how == "reads of"
    if not matching or (key and who[-1] != "read"):
        return refused
    return {404} if depth == "nothing" else {200}


def test_every_route_has_a_probe_here() -> None:
    assert set(EACH) | set(ONCE) | BARE == set(RULES)
    assert not (set(EACH) | set(ONCE)) & BARE


@pytest.mark.parametrize("route", EACH)
def test_one_record_is_answered_as_its_level_and_its_nearness_say(
    route: str, matrix: Any, callers: tuple[str, ...]
) -> None:
    told, make = EACH[route]
    side, how = told.split(" ", 1)
    for caller in callers:
        client = matrix.called(caller)
        for one in (each for each in RECORDS if each.side == side):
            answer = send(client, route, make(one))
            right = expected(how, one, caller)
            if how == "pushes" and answer.status_code == 409:
                right = {409}  # somebody pushed these two before
            assert answer.status_code in right, (caller, one, answer.text)
            check_nothing_above(answer.text, caller, route)
            if how == "reads" and answer.status_code == 200:
                assert shown(answer.text, one) == one.seen_by(caller), (caller, one)


@pytest.mark.parametrize("route", ONCE)
def test_lists_searches_and_files_hold_nothing_above_the_callers_rights(
    route: str, matrix: Any, callers: tuple[str, ...]
) -> None:
    for caller in callers:
        for sent in ONCE[route]:
            answer = send(matrix.called(caller), route, sent)
            check_nothing_above(answer.text, caller, route)
            if answer.status_code != 200 or sent[0].count("=") > 1 or "filter" in str(sent[1]):
                continue
            side = {"GET /patents": "patents", "GET /needs": "needs"}.get(route)
            if route == "POST /match":
                side = sent[1].get("side", "patents")
            for one in (each for each in RECORDS if each.side == side):
                visible = one.seen_by(caller) != "nothing"
                assert (one.words[0] in answer.text) == visible, (caller, one)


def test_a_search_is_not_narrowed_by_what_is_hidden(matrix: Any) -> None:
    """Nobody learns whose a record is by filtering for it."""
    asked = {"text": "隔膜", "filter": {"applicant": ["大学密P1centrex"]}}
    for caller, ids in (("centre reader", ["P1centrex"]), ("other reader", [])):
        answer = matrix.called(caller).post(f"{PREFIX}/match", json=asked)
        assert [one["patent_id"] for one in answer.json()["items"]] == ids


def test_files_of_matches_hold_nothing_above_the_rights_of_who_asked(
    matrix: Any, callers: tuple[str, ...]
) -> None:
    object.__setattr__(matrix.desk, "ring", lambda id: None)
    read = 0
    for caller in callers:
        client = matrix.called(caller)
        begun = client.post(f"{PREFIX}/exports", json={"format": "jsonl", "k": 50, "own": False})
        if begun.status_code != 202:
            continue
        run(matrix.desk, begun.json()["id"])
        job = client.get(f"{PREFIX}/jobs/{begun.json()['id']}")
        if job.status_code != 200:
            continue  # a key for matching alone does not read
        text = client.get(job.json()["file"]["url"]).text
        check_nothing_above(text, caller, "POST /exports")
        own = [one for one in RECORDS if one.side == "needs" and one.seen_by(caller) in DEPTHS[2:]]
        assert all(one.words[0] in text for one in own), caller
        read += 1
    assert read > 15


@pytest.mark.parametrize("route", sorted(BARE - {"GET /openapi.json"}))
def test_what_deals_with_no_record_tells_of_none(
    route: str, matrix: Any, callers: tuple[str, ...]
) -> None:
    path = route.split(" ")[1]
    for name in ("organisation_id", "person_id", "key_id", "hook_id", "watch_id", "upload_id",
                 "job_id", "match_id"):  # fmt: skip
        path = path.replace(f"{{{name}}}", "centre" if name == "organisation_id" else "nobody")
    for caller in callers:
        answer = send(matrix.called(caller), route, (path, None))
        assert answer.status_code < 500
        assert all(shown(answer.text, one) == "nothing" for one in RECORDS), (caller, answer.text)
