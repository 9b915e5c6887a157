import pytest

from matcher.explain.requirements import Wanted, absent, technical, wanted
from matcher.text.words import Segmenter

SEGMENTER = Segmenter()


def lacking(words: list[str], *lines: str) -> list[str]:
    sought = [wanted(word, SEGMENTER) for word in words]
    return absent(sought, "\n".join(lines), lines, most=5)


def test_what_a_company_says_of_itself_is_not_technical() -> None:
    text = "需要耐热隔膜。我公司占地80亩，员工300人；热收缩率小于3%。"
    assert technical(text) == "需要耐热隔膜。\n热收缩率小于3%。"


def test_at_most_five_words_are_named_in_their_order() -> None:
    words = ["隔膜", "耐热", "收缩", "透气", "孔隙", "涂层"]
    assert lacking(words, "") == ["隔膜", "耐热", "收缩", "透气", "孔隙"]
    assert lacking(words, "隔膜耐热") == ["收缩", "透气", "孔隙", "涂层"]


def test_a_part_of_a_named_word_is_left_out() -> None:
    assert lacking(["瓦斯抽采", "瓦斯"], "") == ["瓦斯抽采"]


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("锂电池", "一种锂离子电池隔膜"),
        ("锂离子电池", "所述锂电池的正极"),
        ("瓦斯抽采", "抽采煤层中的瓦斯"),
        ("耐热性", "隔膜耐热且透气"),
        ("去除率", "氨氮的脱除率为90%"),
        ("pcb", "一种印刷电路板的清洗方法"),
        ("噪音", "降低风机噪声"),
    ],
)
def test_what_is_said_in_other_words_is_mentioned(word: str, line: str) -> None:
    assert lacking([word], line) == []


@pytest.mark.parametrize(
    ("word", "lines"),
    [
        ("锂电池", ("一种铅酸蓄电池",)),
        ("锂电池", ("含锂的催化剂。", "用作电池")),
        ("锂电池", ("从含锂卤水中提取并经过多次洗涤、沉淀、干燥后所得产物可以用于电池",)),
        ("瓦斯抽采", ("瓦斯浓度",)),
        ("抽采", ("抽取",)),
        ("pe", ("一种peek材料",)),
    ],
)
def test_parts_far_apart_or_half_a_word_are_no_mention(word: str, lines: tuple[str, ...]) -> None:
    assert lacking([word], *lines) == [word]


def test_a_word_knows_its_parts_unless_they_are_single_characters() -> None:
    assert wanted("锂电池", SEGMENTER) == Wanted(
        "锂电池", ("锂离子电池", "锂电池", "锂电"), ("锂", "电池")
    )
    assert wanted("激振器", SEGMENTER).parts == ()
    assert wanted("7075-T6", SEGMENTER) == Wanted("7075-T6", ("7075-t6",), ())
