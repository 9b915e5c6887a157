"""Needs and patents made, changed and withdrawn one by one: by whom, from which version, and what
is asked before it is taken."""

from datetime import date
from typing import Any

import pytest

API = "/api/v1"
NEED = {
    "title": "提高轴承钢的疲劳寿命", "main_problem": "表面微裂纹过早出现。", "keywords": ["轴承钢"],
    "budget_text": "50-100万元", "deadline_text": "2027年6月", "modes": ["合作研发"],
    "industries": ["C34"], "region": "410100", "contact": "吴工",
}  # fmt: skip
PATENT = {
    "title": "一种轴承钢的表面强化方法", "abstract": "用超声滚压强化轴承钢表面。",
    "application_number": "CN201220249767.4", "applicants": ["云麓理工大学"],
    "ipc": ["C21D7/08"], "legal_status": "有效",
    "terms": {"trl": 6, "licence_modes": ["普通许可"], "price_text": "30万元", "pay_later": True},
}  # fmt: skip
MAY_EDIT = {
    "P-free": (), "P-open": ("centre",), "P-masked": ("centre",), "P-named": ("centre",),
    "P-lone": (), "P-never": (), "N-free": (), "N-open": ("company", "park"),
    "N-masked": ("company", "park"), "N-named": ("company", "park"), "N-lone": (),
    "N-state": ("state",), "N-never": (),
}  # fmt: skip


def place(id: str) -> str:
    return f"{API}/{'patents' if id[0] in 'PC' else 'needs'}/{id}"


def put(world: Any, who: str, id: str, said: Any, version: str | None = "*") -> Any:
    headers = {} if version is None else {"If-Match": version}
    return world.called(who).put(place(id), json=said, headers=headers)


def test_a_company_says_what_it_needs_in_plain_words(fresh: Any) -> None:
    answer = fresh.called("company editor").post(f"{API}/needs", json=NEED)
    told = answer.json()
    assert answer.status_code == 201
    assert (told["budget_min"], told["budget_max"]) == (50.0, 100.0)
    assert (told["deadline"], told["industries"], told["region"]) == (
        "2027-06-30", ["C34"], "410100",
    )  # fmt: skip
    assert (told["company"], told["owner"]["id"]) == ("青屿新能源有限公司", "company")
    assert (told["level"], told["keywords"], told["modes"]) == ("公开", ["轴承钢"], ["合作研发"])
    read = fresh.called("company reader").get(place(told["id"]))
    assert read.headers["etag"] == answer.headers["etag"]
    again = fresh.called("company editor").post(f"{API}/needs", json=NEED)
    assert (again.status_code, again.json()["code"]) == (409, "taken")


def test_what_is_made_is_found_and_what_is_withdrawn_is_not(fresh: Any) -> None:
    made = fresh.called("centre editor").post(f"{API}/patents", json=PATENT).json()
    asked = {"text": "轴承钢表面强化", "k": 3}

    def found() -> list[str]:
        fresh.matcher.catch_up()
        items = fresh.called("company reader").post(f"{API}/match", json=asked).json()["items"]
        return [one["patent_id"] for one in items]

    assert found()[0] == made["id"] == "CN201220249767.4"
    gone = fresh.called("centre editor").delete(place(made["id"]), headers={"If-Match": "*"})
    assert gone.status_code == 204
    assert made["id"] not in found()
    assert fresh.called("centre editor").get(place(made["id"])).status_code == 404


def test_a_patent_is_read_as_in_a_list_and_kept_once(fresh: Any) -> None:
    editor = fresh.called("centre editor")
    told = editor.post(f"{API}/patents", json=PATENT).json()
    assert (told["id"], told["legal_status"]) == ("CN201220249767.4", "有效")
    assert told["terms"]["price_max"] == 30.0 and told["terms"]["pay_later"] is True
    assert (told["terms"]["trl"], told["terms"]["licence_modes"]) == (6, ["普通许可"])
    for other in ("centre editor", "other editor"):
        again = fresh.called(other).post(f"{API}/patents", json={**PATENT, "title": "另一个名称"})
        assert (again.status_code, again.json()["code"]) == (409, "taken")
    bad = editor.post(f"{API}/patents", json={**PATENT, "application_number": "CN201220249767.5"})
    assert bad.status_code == 422
    assert [(one["where"], one["code"]) for one in bad.json()["errors"]] == [
        ("申请号", "wrong_check_digit")
    ]


def test_a_number_of_another_patent_is_refused(fresh: Any) -> None:
    editor = fresh.called("centre editor")
    editor.post(f"{API}/patents", json=PATENT)
    before = fresh.matcher.store.snapshot()
    answer = put(fresh, "centre editor", "P-open", PATENT)
    assert (answer.status_code, answer.json()["code"]) == (409, "taken")
    assert fresh.matcher.store.snapshot() == before


@pytest.mark.parametrize("id", MAY_EDIT)
def test_only_its_side_changes_or_withdraws_a_record(
    id: str, fresh: Any, callers: tuple[str, ...]
) -> None:
    before = fresh.matcher.store.snapshot()
    for who in callers:
        client = fresh.called(who)
        seen = client.get(place(id)).status_code
        for answer in (
            put(fresh, who, id, {"title": "新的名称"}, None), client.delete(place(id)),
        ):  # fmt: skip
            organisation, _, role = who.partition(" ")
            scope = role if "key" in who else ""
            if organisation in MAY_EDIT[id] and (role in ("admin", "editor") or "write" in scope):
                assert answer.status_code == 428, who
                assert answer.json()["code"] == "version_needed"
            else:
                assert answer.status_code in ((401, 403) if seen == 200 else (401, 403, 404)), who
    assert fresh.matcher.store.snapshot() == before


def test_a_change_is_for_the_version_that_was_read(fresh: Any) -> None:
    read = fresh.called("park editor").get(place("N-open"))
    said = {"title": "提高隔膜耐热性", "content": "隔膜收缩。", "contact": "吴工"}
    first = put(fresh, "company editor", "N-open", said, read.headers["etag"])
    assert first.status_code == 200
    assert (first.json()["title"], first.json()["keywords"]) == ("提高隔膜耐热性", [])
    late = put(fresh, "park editor", "N-open", {**said, "title": "别的"}, read.headers["etag"])
    assert (late.status_code, late.json()["code"]) == (412, "changed")
    now = put(fresh, "park editor", "N-open", {**said, "title": "别的"}, first.headers["etag"])
    assert now.json()["title"] == "别的"
    gone = fresh.called("park editor").delete(
        place("N-open"), headers={"If-Match": first.headers["etag"]}
    )
    assert gone.status_code == 412


def test_a_list_that_says_the_old_again_does_not_undo_a_change(fresh: Any) -> None:
    lines = "需求编号,需求名称,需求内容\nXQ-77,旧名称,旧内容\n"
    sent = {"params": {"name": "甲.csv"}, "content": lines.encode()}
    fresh.called("company editor").post(f"{API}/uploads/needs", **sent)
    put(fresh, "company editor", "XQ-77", {"title": "新名称", "content": "新内容"})
    again = fresh.called("company editor").post(f"{API}/uploads/needs", **sent).json()
    assert again["outcomes"] == {"unchanged": 1}
    assert fresh.called("company editor").get(place("XQ-77")).json()["title"] == "新名称"


def test_the_level_is_the_admin_s_and_names_organisations(fresh: Any) -> None:
    said = {"title": "提高隔膜耐热性", "content": "隔膜收缩。", "level": "授权可见"}
    assert put(fresh, "company editor", "N-open", said).status_code == 403
    assert put(fresh, "park admin", "N-open", said).status_code == 403
    kept = put(fresh, "company editor", "N-open", {**said, "level": "公开"})
    assert (kept.status_code, kept.json()["level"]) == (200, "公开")
    named = put(fresh, "company admin", "N-open", {**said, "named": ["other"]})
    assert (named.status_code, named.json()["level"]) == (200, "授权可见")
    assert fresh.called("other reader").get(place("N-open")).status_code == 200
    assert fresh.called("centre reader").get(place("N-open")).status_code == 404
    kept = put(fresh, "company editor", "N-open", {"title": "新的", "content": "隔膜。"})
    assert kept.json()["level"] == "授权可见"
    assert fresh.called("other reader").get(place("N-open")).status_code == 200
    nobody = put(fresh, "company admin", "N-open", {**said, "named": ["nobody"]})
    assert nobody.status_code == 404
    open_ = put(fresh, "company admin", "N-open", {**said, "level": "公开", "named": ["other"]})
    assert open_.status_code == 422


def test_a_state_owned_company_s_need_is_masked_until_its_admin_says_otherwise(fresh: Any) -> None:
    for who, level in (("state editor", "脱敏"), ("state admin", "公开")):
        said = {**NEED, "title": f"{NEED['title']},{who}", "level": "公开"}
        told = fresh.called(who).post(f"{API}/needs", json=said).json()
        assert told["level"] == level


def test_a_park_registers_for_its_companies_and_no_others(fresh: Any) -> None:
    park = fresh.called("park editor")
    told = park.post(f"{API}/needs", json={**NEED, "owner_id": "company"}).json()
    assert (told["owner"]["id"], told["company"]) == ("company", "青屿新能源有限公司")
    assert park.post(f"{API}/needs", json={**NEED, "owner_id": "state"}).status_code == 403
    assert park.post(f"{API}/needs", json={**NEED, "title": "园区自己的"}).status_code == 201


@pytest.mark.parametrize(
    ("field", "text", "kind"),
    [
        ("content", "请致电13800001111。", "phone"), ("main_problem", "邮箱a@b.cn", "email"),
        ("expected_goal", "联系人:王小明", "person"), ("title", "【机密】高温合金", "mark"),
        ("content", "身份证11010519491231002X", "identity"),
        ("content", "代码91350100M000100Y43", "credit_code"),
    ],
)  # fmt: skip
def test_what_looks_like_a_secret_is_asked_about(
    field: str, text: str, kind: str, fresh: Any
) -> None:
    editor = fresh.called("company editor")
    answer = editor.post(f"{API}/needs", json={**NEED, field: text})
    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, "suspect")
    assert [(one["where"], one["code"]) for one in told["errors"]] == [(field, f"secret_{kind}")]
    assert text not in answer.text
    taken = editor.post(f"{API}/needs", json={**NEED, field: text, "confirmed": True})
    assert taken.status_code == 201


def test_ordinary_words_are_not_asked_about(fresh: Any) -> None:
    text = "保护商业秘密,内部结构复杂,寿命13800小时,标准GB/T 4754-2017,编号202012345678。"
    answer = fresh.called("company editor").post(f"{API}/needs", json={**NEED, "content": text})
    assert answer.status_code == 201


def test_what_may_not_be_kept_is_refused_with_the_reason(fresh: Any) -> None:
    answer = fresh.called("company admin").post(f"{API}/needs", json={**NEED, "level": "不入库"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "secret_level"


def test_several_go_together_with_a_token_or_not_at_all(fresh: Any) -> None:
    editor = fresh.called("centre editor")
    asked = {"ids": ["P-open", "P-masked"]}
    told = editor.post(f"{API}/patents/withdraw", json=asked).json()
    assert (told["count"], told["withdrawn"]) == (2, False)
    assert editor.get(place("P-open")).status_code == 200
    other = editor.post(f"{API}/patents/withdraw", json={"ids": ["P-open"], "token": told["token"]})
    assert other.status_code == 422
    late = {**asked, "token": f"{fresh.desk.now - 1}.{told['token'].partition('.')[2]}"}
    assert editor.post(f"{API}/patents/withdraw", json=late).status_code == 422
    done = editor.post(f"{API}/patents/withdraw", json={**asked, "token": told["token"]})
    assert done.json() == {"count": 2, "withdrawn": True, "token": None}
    assert editor.get(place("P-open")).status_code == 404
    foreign = editor.post(f"{API}/patents/withdraw", json={"ids": ["P-named", "P-free"]})
    assert foreign.status_code == 403
    assert editor.get(place("P-named")).status_code == 200


def test_a_record_with_talks_under_way_stays(fresh: Any) -> None:
    pushed = fresh.called("company editor").post(
        f"{API}/matches", json={"need_id": "N-open", "patent_id": "P-open", "willing": True}
    ).json()  # fmt: skip
    steps = f"{API}/matches/{pushed['id']}/steps"
    for who, stage in (("centre editor", "willing"), ("centre editor", "meeting")):
        assert fresh.called(who).post(steps, json={"stage": stage}).status_code == 200
    answer = fresh.called("company editor").delete(place("N-open"), headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_step")
    assert fresh.called("company editor").get(place("N-open")).status_code == 200


def test_relative_deadlines_count_from_today(fresh: Any) -> None:
    said = {**NEED, "deadline_text": "明年底"}
    told = fresh.called("company editor").post(f"{API}/needs", json=said).json()
    assert told["deadline"] == f"{date.today().year + 1}-12-31"
    assert told["deadline_text"] == "明年底"
