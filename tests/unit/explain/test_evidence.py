from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.explain.evidence import Evidencer
from matcher.matches import Evidence
from matcher.records import TextField
from matcher.retrieve.lexical import Lexicon
from matcher.text.words import Segmenter

FILLER = [
    "玉米联合收割机的割台",
    "高炉煤气的干法除尘装置",
    "一种混凝土搅拌车的液压系统",
    "人脸识别门锁及其控制方法",
    "离心泵的机械密封",
    "水稻品种的分子标记与育种",
    "激光焊接头的冷却结构",
    "用于变压器的冷却装置",
    "桥梁伸缩缝的检测方法",
    "一种儿童座椅",
    "纺织面料的无水染色工艺",
    "数控机床的刀具磨损检测",
]
PATENT: dict[TextField, str] = {
    "title": "一种陶瓷涂覆的锂离子电池隔膜",
    "abstract": "本发明公开了一种隔膜。基膜表面涂有氧化铝，在180℃下保温1小时的热收缩率小于2%，"
    "耐热性好。该产品还可用于储能。",
}
NEED: dict[TextField, str] = {
    "title": "提高锂电池隔膜耐热性",
    "main_problem": "现有聚乙烯隔膜在高温下热收缩大，引起短路。",
    "expected_goal": "180℃下热收缩率≤3%，透气度不高于200s；\n"
    "我公司占地80亩，年产玉米种子500吨以上。",
}


class Weights:
    """The lexicon of the invented texts, as the engine passes it."""

    def __init__(self) -> None:
        self.lexicon = Lexicon.build([*FILLER, "\n".join(PATENT.values())], Segmenter())


EVIDENCER = Evidencer(Weights().lexicon)


def test_each_aspect_is_answered_by_its_best_sentence() -> None:
    found = EVIDENCER.evidence(NEED, PATENT)
    told = [(proof.aspect, proof.field, proof.sentence, proof.terms) for proof in found]
    heat = "基膜表面涂有氧化铝，在180℃下保温1小时的热收缩率小于2%，耐热性好。"
    assert told == [
        ("title", "title", "一种陶瓷涂覆的锂离子电池隔膜", ("隔膜", "电池")),
        ("main_problem", "abstract", heat, ("热收缩",)),
        ("expected_goal", "abstract", heat, ("180℃", "热收缩率")),
    ]


def test_offsets_point_at_the_sentence_and_marks_at_what_is_shared() -> None:
    title, problem, _ = EVIDENCER.evidence(NEED, PATENT)
    for proof in (title, problem):
        assert PATENT[proof.field][proof.start : proof.end] == proof.sentence
        assert 0 < proof.share <= 1
    assert [title.sentence[start:end] for start, end in title.marks] == ["电池隔膜"]


def test_a_text_that_shares_nothing_telling_is_no_evidence() -> None:
    assert EVIDENCER.evidence(NEED, {"title": "一种儿童座椅的检测方法"}) == ()
    assert EVIDENCER.evidence(NEED, {"title": ""}) == ()
    assert EVIDENCER.evidence(NEED, {}) == ()
    assert EVIDENCER.evidence({"title": " "}, PATENT) == ()


def test_a_word_meets_itself_inside_a_longer_compound() -> None:
    (proof,) = EVIDENCER.evidence({"title": "耐热隔膜材料"}, {"title": "隔膜的耐热性测试"})
    assert [proof.sentence[start:end] for start, end in proof.marks] == ["隔膜", "耐热"]


def test_pairs_of_characters_are_never_taken_from_quantities() -> None:
    found: dict[TextField, str] = {"title": "隔膜热收缩在±0.03mm以内"}
    (proof,) = EVIDENCER.evidence({"title": "隔膜热收缩±0.02mm"}, found)
    assert [proof.sentence[start:end] for start, end in proof.marks] == ["隔膜热收缩"]


def test_codes_are_shown_as_the_found_text_writes_them() -> None:
    (proof,) = EVIDENCER.evidence({"title": "7075-t6铝合金"}, {"title": "７０７５－Ｔ６板材"})
    assert (proof.terms, proof.marks) == (("７０７５－Ｔ６",), ((0, 7),))


def test_missing_names_telling_words_the_text_does_not_mention() -> None:
    assert EVIDENCER.missing(NEED, {"title": "一种陶瓷涂覆的锂离子电池隔膜"}) == (
        "耐热性",
        "热收缩",
    )
    assert EVIDENCER.missing(NEED, PATENT) == ()


def test_a_reading_is_kept_by_key_only_while_its_texts_stay_the_same() -> None:
    prepared = EVIDENCER.prepare(NEED)
    first = EVIDENCER.explain(prepared, PATENT, key="P1")
    assert EVIDENCER.explain(prepared, PATENT, key="P1") == first
    other: Mapping[TextField, str] = {"title": "一种儿童座椅"}
    assert EVIDENCER.explain(prepared, other, key="P1") == EVIDENCER.explain(prepared, other)
    assert EVIDENCER.explain(prepared, PATENT, key="P1") == first


def test_readings_are_given_up_oldest_first() -> None:
    prepared = EVIDENCER.prepare(NEED)
    first = EVIDENCER.explain(prepared, PATENT, key="first")
    for number in range(1100):
        EVIDENCER.explain(prepared, {"title": "一种儿童座椅"}, key=f"P{number}")
    assert EVIDENCER.explain(prepared, PATENT, key="first") == first


def test_a_chemical_element_counts_and_a_common_word_alone_does_not() -> None:
    texts = [f"{name}的检测方法" for name in FILLER * 40] + ["尿液中碘的测定"]
    evidencer = Evidencer(Lexicon.build(texts, Segmenter()))
    (proof,) = evidencer.evidence({"title": "去除原盐中的碘"}, {"title": "尿液中碘的测定"})
    assert (proof.terms, proof.marks) == (("碘",), ((3, 4),))
    assert evidencer.evidence({"title": "水质检测"}, {"title": "离心泵检测"}) == ()


@pytest.mark.parametrize("texts", [[], [""], ["锂电池"]])
def test_an_empty_or_tiny_corpus_raises_nothing(texts: list[str]) -> None:
    evidencer = Evidencer(Lexicon.build(texts, Segmenter()))
    assert isinstance(evidencer.evidence(NEED, PATENT), tuple)
    assert isinstance(evidencer.missing(NEED, PATENT), tuple)


def check(proof: Evidence, found: Mapping[TextField, str]) -> None:
    assert found[proof.field][proof.start : proof.end] == proof.sentence
    assert 0 < proof.share <= 1
    assert proof.terms or proof.marks
    last = -1
    for start, end in proof.marks:
        assert last < start < end <= len(proof.sentence)
        last = end


@settings(max_examples=80, deadline=None)
@given(
    query=st.text(alphabet="锂电池隔膜耐热收缩密封180℃≤3%，。", max_size=40),
    text=st.text(alphabet="锂电池隔膜耐热收缩密封180℃≤3%，。；\n ", max_size=120),
)
def test_evidence_always_points_into_the_found_text(query: str, text: str) -> None:
    found: dict[TextField, str] = {"title": "离心泵的机械密封", "abstract": text}
    proofs, missing = EVIDENCER.explain(EVIDENCER.prepare({"content": query}), found)
    for proof in proofs:
        assert proof.aspect == "content"
        check(proof, found)
    assert len(missing) <= 5
