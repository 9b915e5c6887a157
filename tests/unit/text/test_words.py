import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.text.clean import clean
from matcher.text.scan import HAN
from matcher.text.words import Segmenter, listed

SAMPLE = Path(__file__).parents[3] / "data" / "sample" / "source"
REAL = Path("/work/shared/data/supply")
SHARED = Segmenter()


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter()


@pytest.fixture(scope="module")
def jieba() -> Any:
    """An own jieba with the same technical terms."""
    import jieba

    jieba.setLogLevel(60)
    tokenizer = jieba.Tokenizer()
    for term in listed("terms.txt"):
        tokenizer.add_word(term)
    return tokenizer


def agreement(segmenter: Segmenter, jieba: Any, texts: list[str]) -> float:
    """The share of texts that both cut into the same words."""
    same = 0
    for text in texts:
        runs = HAN.findall(clean(text))
        ours = [segmenter.cut(run) for run in runs]
        same += ours == [list(jieba.cut(run)) for run in runs]
    return same / len(texts)


def test_latin_words_codes_and_quantities_stay_whole(segmenter: Segmenter) -> None:
    text = (
        "7075-T6铝合金在≥200℃、0.5MPa下，Al2O3与LiFePO4；PD-1抗体，5G，H.264，20~50℃，"
        "5℃/min，20℃~50℃，99.5%"
    )
    assert segmenter.words(text) == [
        *("铝合金", "抗体"),
        *("7075-t6", "≥200℃", "0.5mpa", "al2o3", "lifepo4", "pd-1", "5g", "h.264", "20~50℃"),
        *("5℃/min", "20℃~50℃", "99.5%"),
    ]


def test_full_width_text_gives_the_same_words(segmenter: Segmenter) -> None:
    assert segmenter.words("ＰＤ－１抗体，２００°Ｃ") == segmenter.words("PD-1抗体，200℃")


def test_our_technical_terms_stay_one_word(segmenter: Segmenter) -> None:
    assert segmenter.words("金属有机框架吸附剂的制备") == ["金属有机框架", "吸附剂"]


def test_stop_words_and_punctuation_are_left_out(segmenter: Segmenter) -> None:
    assert segmenter.words("一种用于风机的装置，及其方法。") == ["风机"]
    assert segmenter.words("") == segmenter.words("。，！ ") == []


def test_terms_also_hold_the_known_parts_of_a_compound(segmenter: Segmenter) -> None:
    assert segmenter.terms("锂离子电池") == ["离子", "电池", "锂离子", "锂离子电池"]


def test_spans_point_at_the_original_text(segmenter: Segmenter) -> None:
    text = "（１）ＰＤ－１抗体的纯化"
    spans = segmenter.spans(text)
    assert [(word, text[start:end]) for word, start, end in spans] == [
        ("1", "１"),
        ("pd-1", "ＰＤ－１"),
        ("抗体", "抗体"),
        ("纯化", "纯化"),
    ]


@settings(deadline=None)
@given(st.text(alphabet="锂电池隔膜的耐热性ＡＢab12.-℃≥，。 ", max_size=60))
def test_every_span_is_the_word_it_names(text: str) -> None:
    segmenter = SHARED
    plain = segmenter.spans(text)
    assert sorted(word for word, _, _ in plain) == sorted(segmenter.words(text))
    terms = segmenter.term_spans(text)
    assert sorted(word for word, _, _ in terms) == sorted(segmenter.terms(text))
    for word, start, end in (*plain, *terms):
        assert clean(text[start:end]) == word
    assert "".join(segmenter.cut("锂电池隔膜的耐热性")) == "锂电池隔膜的耐热性"


def test_rjieba_cuts_the_sample_as_jieba_does(segmenter: Segmenter, jieba: Any) -> None:
    texts = [
        text
        for path in sorted(SAMPLE.glob("*_patents.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        for text in (json.loads(line)["title"], json.loads(line)["abstract"])
    ]
    assert len(texts) >= 400
    assert agreement(segmenter, jieba, texts) >= 0.999


def test_rjieba_cuts_real_titles_as_jieba_does(segmenter: Segmenter, jieba: Any) -> None:
    path = REAL / "gazette_2019-07_enterprises.csv.gz"
    if not path.exists():
        pytest.skip("/work/shared/data is not there")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        titles = [row["名称"] for row in csv.DictReader(lines)][::10]
    assert agreement(segmenter, jieba, titles) >= 0.999


def test_the_term_list_is_large_and_without_repeats_or_latin() -> None:
    terms = listed("terms.txt")
    assert len(terms) >= 600
    assert len(set(terms)) == len(terms)
    assert [term for term in terms if not HAN.fullmatch(term)] == []


def test_stop_words_are_in_the_form_they_are_compared_in() -> None:
    words = listed("stopwords.txt")
    assert len(set(words)) == len(words)
    assert [word for word in words if clean(word) != word] == []


def test_the_fingerprint_names_the_segmenter_and_its_lists(segmenter: Segmenter) -> None:
    kind, _, lists = segmenter.fingerprint.split("-")
    assert (kind, len(lists)) == ("rjieba", 8)
    assert segmenter.fingerprint == Segmenter().fingerprint
