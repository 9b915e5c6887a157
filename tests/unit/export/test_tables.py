"""CSV, JSONL and Parquet, read back whole."""

import csv
import hashlib
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.export.rows import COLUMNS, marked, pieces
from matcher.export.tables import harmless
from matcher.export.write import write
from matcher.matches import Answer, Evidence

ROW = {
    "需求编号": "D-1",
    "需求名称": "提高锂电池隔膜的耐热性",
    "企业": "豫北电气装备有限公司",
    "需求园区": "郑州高新技术产业开发区",
    "需求地区": "河南省郑州市",
    "需求行业": "C38 电气机械和器材制造业",
    "名次": "1",
    "推荐等级": "3",
    "可能性": "0.76",
    "得分(对数几率)": "1.15",
    "得分项:起点": "-2.5",
    "得分项:意思相近": "2.25",
    "得分项:主要问题接近": "0.0",
    "得分项:技术关键接近": "0.0",
    "得分项:预期目标接近": "0.0",
    "得分项:需求内容接近": "0.0",
    "得分项:共同术语": "1.65",
    "得分项:技术领域": "0.0",
    "得分项:历史评价": "-0.25",
    "专利编号": "CN201810123456.7",
    "专利名称": "一种陶瓷涂覆聚烯烃隔膜及其制备方法",
    "申请号": "CN201810123456.7",
    "公开(公告)号": "CN108123456A；CN108123456B",
    "专利类型": "发明",
    "法律状态": "有效",
    "申请日": "2018-02-07",
    "公开(公告)日": "2018-08-01",
    "授权日": "2020-05-08",
    "届满日": "2038-02-07",
    "申请人": "南岭理工大学；南岭新材料有限公司",
    "专利权人": "",
    "发明人": "李某；王某",
    "院系": "材料学院",
    "地区": "河南省郑州市",
    "园区": "郑州高新技术产业开发区",
    "IPC 分类号": "H01M50/449；H01M10/0525",
    "所属行业": "C384 电池制造",
    "技术成熟度": "6",
    "许可方式": "普通许可；开放许可",
    "转化方式": "许可",
    "价格": "20–50 万元",
    "价格下限(万元)": "20.0",
    "价格上限(万元)": "50.0",
    "支付方式": "一次性",
    "先使用后付费": "是",
    "财政资助项目形成": "否",
    "实施状态": "",
    "自评": "",
    "应用场景": "动力电池",
    "质押次数": "1",
    "转让次数": "0",
    "许可次数": "0",
    "数据提示": "未识别的值(价格)",
    "依据:名称": "",
    "依据:主要问题": "涂层使【隔膜】在【180℃】下热收缩率低于3%",
    "依据:技术关键": "涂层使隔膜在180℃下【热收缩率】低于3%",
    "依据:预期目标": "",
    "依据:需求内容": "",
    "指标核对": "热收缩率≤5% ✔ 满足(热收缩率低于3%)；闭孔温度≥135℃ ？ 未提及",
    "未涉及": "成本",
    "风险提示": "共有；质押 1 次",
}


def test_a_csv_has_a_bom_chinese_headings_and_one_row_a_match(case: Any, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    write(out, case.results, case.patents, case.origin)
    data = out.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines()))
    assert rows[0] == ROW
    assert list(rows[0]) == [column.label for column in COLUMNS]
    assert [(row["需求编号"], row["名次"], row["专利编号"]) for row in rows] == [
        ("D-1", "1", "CN201810123456.7"),
        ("D-1", "2", "N-0123456789abcdef"),
    ]
    beside = json.loads((tmp_path / "out.csv.provenance.json").read_text("utf-8"))
    assert beside == {
        "format": "patmatch-matches/2",
        "provenance": {
            "snapshot": "s-1",
            "encoder": "e5 8f3a",
            "index": "flat",
            "ranker": "sum",
            "filters": {"legal_status": "有效"},
            "version": "0.1.0",
            "made_at": "2025-06-01T10:20:30+08:00",
        },
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def test_a_jsonl_holds_every_need_with_its_full_evidence(case: Any, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    write(out, case.results, case.patents, case.origin)
    texts = out.read_text("utf-8").splitlines()
    head, first, second = [json.loads(text) for text in texts]
    assert texts == [
        json.dumps(data, ensure_ascii=False, sort_keys=True) for data in (head, first, second)
    ]
    assert head["provenance"]["filters"] == {"legal_status": "有效"}
    assert first["matches"][0]["evidence"][0] == {
        "aspect": "main_problem",
        "field": "abstract",
        "start": 0,
        "end": 18,
        "sentence": "涂层使隔膜在180℃下热收缩率低于3%",
        "marks": [[3, 5], [6, 10]],
        "terms": ["隔膜"],
        "share": 0.5,
    }
    figures = ("rank", "predicted_grade", "chance", "chances", "score", "parts")
    assert {name: first["matches"][0][name] for name in figures} == {
        "rank": 1,
        "predicted_grade": 3,
        "chance": 0.76,
        "chances": [0.01, 0.23, 0.46, 0.3],
        "score": 1.15,
        "parts": {
            "start": -2.5, "meaning": 2.25, "main_problem": 0.0, "key_technology": 0.0,
            "expected_goal": 0.0, "content": 0.0, "terms": 1.65, "field": 0.0, "memory": -0.25,
        },
    }  # fmt: skip
    assert first["need"]["main_problem"] == (
        "隔膜在150℃收缩过大。联系人:***,电话***********,*****************"
    )
    assert first["matches"][0]["patent"]["expiry_date"] == "2038-02-07"
    assert second == {
        "need": {
            "need_id": "D-2",
            "need_title": "杨梅保鲜运输",
            "company": "",
            "need_park": None,
            "need_region": "",
            "need_industries": "",
            "main_problem": "",
            "key_technology": "",
            "expected_goal": "",
            "content": "需要三天不坏",
            "level": "公开",
        },
        "total": 10,
        "passed": 0,
        "removals": [
            {"field": "park", "removed": 9, "blocked": 7},
            {"field": "legal_status", "removed": 3, "blocked": 1},
        ],
        "relax": "park",
        "no_match": False,
        "matches": [],
    }


def test_a_parquet_keeps_types_headings_and_provenance(case: Any, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    out = tmp_path / "out.parquet"
    write(out, case.results, case.patents, case.origin)
    table = pq.read_table(out)
    first = table.to_pylist()[0]
    assert table.column_names == [column.name for column in COLUMNS]
    labels = [field.metadata[b"label"].decode() for field in table.schema]
    assert labels == [column.label for column in COLUMNS]
    assert (first["score"], first["rank"], first["trl"]) == (1.15, 1, 6)
    assert (first["expiry_date"], first["pay_later"]) == (date(2038, 2, 7), True)
    assert [row["expiry_date"] for row in table.to_pylist()] == [date(2038, 2, 7), None]
    told = json.loads(table.schema.metadata[b"patmatch"])
    assert told["provenance"]["snapshot"] == "s-1"


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "＝", " =", "\n="])
def test_a_formula_in_a_csv_is_led_by_a_quote(lead: str, case: Any, tmp_path: Path) -> None:
    title = f"{lead}cmd|' /C calc'!A0"
    hostile = replace(case.plain, title=title)
    out = tmp_path / "out.csv"
    write(out, [(case.need, Answer((case.second,), 1, 1))], lambda _: [hostile], case.origin)
    with out.open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert row["专利名称"] == f"'{title}"


@given(st.text())
def test_what_a_csv_holds_never_begins_like_a_formula(text: str) -> None:
    told = harmless(text)
    assert told.removeprefix("'") == text.removeprefix("'") or told == text
    assert told.lstrip()[:1] not in {"=", "+", "-", "@", "＝", "＋", "－", "＠"}


@given(st.text(), st.lists(st.tuples(st.integers(-3, 40), st.integers(-3, 40))))
def test_pieces_are_the_sentence_whatever_the_marks(
    sentence: str, marks: list[tuple[int, int]]
) -> None:
    found = pieces(sentence, marks)
    assert "".join(text for text, _ in found) == sentence
    assert all(text for text, _ in found)
    flags = [shared for text, shared in found for _ in text]
    assert flags == [any(a <= place < b for a, b in marks) for place in range(len(sentence))]


def test_touching_marks_are_one() -> None:
    proof = Evidence("title", "title", 0, 4, "隔膜耐热", ((0, 2), (2, 3)), (), 1.0)
    assert marked(proof) == "【隔膜耐】热"
