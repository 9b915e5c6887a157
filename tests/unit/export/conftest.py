"""Invented needs, patents and answers for the tests of the export."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pytest

from matcher.matches import (
    Answer,
    Check,
    Evidence,
    Match,
    Part,
    Provenance,
    Removal,
    Risk,
)
from matcher.records import Flag, Need, Party, Patent, Terms

SECRETS = ("13812345678", "张三丰", "zhang@example.com", "内部通讯录", "高新路 1 号")
SENTENCE = "涂层使隔膜在180℃下热收缩率低于3%"

FULL = Patent(
    id="CN201810123456.7",
    keys=("CN201810123456.7",),
    title="一种陶瓷涂覆聚烯烃隔膜及其制备方法",
    abstract=f"{SENTENCE}。",
    kind="发明",
    application_number="CN201810123456.7",
    publication_numbers=("CN108123456A", "CN108123456B"),
    application_date=date(2018, 2, 7),
    publication_date=date(2018, 8, 1),
    grant_date=date(2020, 5, 8),
    expiry_date=date(2038, 2, 7),
    applicants=(Party("南岭理工大学", "高校"), Party("南岭新材料有限公司", "企业")),
    inventors=("李某", "王某"),
    college="材料学院",
    address="郑州市高新路 1 号",
    region="410100",
    park="郑州高新技术产业开发区",
    ipc=("H01M50/449", "H01M10/0525"),
    industries=("C384",),
    legal_status="有效",
    pledges=1,
    level="公开",
    terms=Terms(
        trl=6,
        licence_modes=("普通许可", "开放许可"),
        transfer_modes=("许可",),
        price_min=20.0,
        price_max=50.0,
        payment="一次性",
        pay_later=True,
        funded=False,
        scene="动力电池",
        contact="张三丰 13812345678 内部通讯录",
    ),
    flags=(Flag("unread_value", "价格"),),
)
PLAIN = Patent(id="N-0123456789abcdef", keys=(), title="隔膜耐热改性方法")
NEED = Need(
    id="D-1",
    title="提高锂电池隔膜的耐热性",
    main_problem="隔膜在150℃收缩过大。联系人:张三丰,电话13812345678,zhang@example.com",
    key_technology="热收缩率不超过5%",
    company="豫北电气装备有限公司",
    park="郑州高新技术产业开发区",
    region="410100",
    industries=("C38",),
    contact="张三丰 13812345678 内部通讯录",
    address="郑州市高新路 1 号",
)
LONELY = Need(id="D-2", title="杨梅保鲜运输", content="需要三天不坏")
MATCH = Match(
    need_id="D-1",
    patent_id=FULL.id,
    rank=1,
    score=1.15,
    parts=(
        Part("start", -2.5, -2.5),
        Part("meaning", 2.25, 2.25),
        Part("terms", 1.65, 1.65),
        Part("memory", -0.25, -0.25),
    ),
    grade=3,
    chances=(0.01, 0.23, 0.46, 0.3),
    evidence=(
        Evidence("main_problem", "abstract", 0, 18, SENTENCE, ((3, 5), (6, 10)), ("隔膜",), 0.5),
        Evidence("key_technology", "abstract", 0, 18, SENTENCE, ((11, 15),), ("热收缩率",), 0.4),
    ),
    missing=("成本",),
    checks=(
        Check(
            "热收缩率≤5%", 0, 7, "expected_goal", "satisfied", "热收缩率低于3%", "abstract", 11, 19
        ),
        Check("闭孔温度≥135℃", 8, 17, "expected_goal", "not_stated"),
    ),
    risks=(Risk("co_owned", ""), Risk("pledged", "质押 1 次")),
)
SECOND = Match(
    need_id="D-1", patent_id=PLAIN.id, rank=2, score=-2.5, parts=(Part("start", -2.5, -2.5),),
    grade=2, chances=(0.4, 0.52, 0.06, 0.02),
)  # fmt: skip
REMOVALS = (Removal("park", 9, 7), Removal("legal_status", 3, 1))
RESULTS = (
    (NEED, Answer((MATCH, SECOND), 10, 10)),
    (LONELY, Answer((), 10, 0, REMOVALS, "park")),
)
ORIGIN = Provenance(
    snapshot="s-1",
    encoder="e5 8f3a",
    index="flat",
    ranker="sum",
    filters={"legal_status": "有效"},
    version="0.1.0",
    made_at="2025-06-01T10:20:30+08:00",
)


def patents(ids: Sequence[str]) -> list[Patent]:
    """The invented patents, in the order asked."""
    known = {patent.id: patent for patent in (FULL, PLAIN)}
    return [known[id] for id in ids]


@dataclass(frozen=True, slots=True)
class Case:
    """What the tests of the export start from."""

    full: Patent = FULL
    plain: Patent = PLAIN
    need: Need = NEED
    lonely: Need = LONELY
    match: Match = MATCH
    second: Match = SECOND
    results: tuple[tuple[Need, Answer], ...] = RESULTS
    origin: Provenance = ORIGIN
    secrets: tuple[str, ...] = SECRETS

    def patents(self, ids: Sequence[str]) -> list[Patent]:
        """The invented patents, in the order asked."""
        return patents(ids)


@pytest.fixture
def case() -> Case:
    """One need with two matches, one without any."""
    return Case()
