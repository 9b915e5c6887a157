import json
from math import log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.errors import ModelBroken
from matcher.retrieve.lexical import Lexicon
from matcher.retrieve.lexical_postings import Bm25, Postings
from matcher.text.grams import grams
from matcher.text.words import Segmenter

SEGMENTER = Segmenter()
TEXTS = [
    "锂电池隔膜及其制备方法",
    "一种耐高温的锂离子电池隔膜，孔隙率为45%，在150℃下收缩小于3%，可用于动力电池",
    "玉米联合收割机",
    "",
    "7075-T6铝合金热处理工艺",
    "隔膜阀",
]
TEXT = st.text(alphabet="锂电池隔膜耐热阀7075-T6℃的，。 ", max_size=30)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.build(TEXTS, SEGMENTER)


def by_hand(texts: list[list[str]], query: list[str], bm25: Bm25) -> list[float]:
    """The share of `Lexicon`'s docstring, term by term."""
    size = len(texts)
    mean = sum(map(len, texts)) / max(size, 1) or 1.0
    found = []
    for text in texts:
        total = best = 0.0
        for term in dict.fromkeys(query):
            held = sum(term in other for other in texts)
            idf = log(1 + (size - held + 0.5) / (held + 0.5))
            weight = (1 + log(query.count(term))) * idf
            count = text.count(term)
            room = bm25.k1 * (1 - bm25.b + bm25.b * len(text) / mean)
            total += weight * idf * count / (count + room) if count else 0.0
            best += weight * idf / (1 + bm25.k1 * (1 - bm25.b))
        found.append(min(1.0, total / best) if best else 0.0)
    return found


@pytest.mark.parametrize(
    "query", ["锂电池隔膜", "耐高温隔膜 隔膜", "7075-T6", "收割机有多快？", ""]
)
def test_shares_are_those_computed_by_hand(lexicon: Lexicon, query: str) -> None:
    terms = [SEGMENTER.terms(text) for text in TEXTS]
    pairs = [grams(text) for text in TEXTS]
    words, characters = lexicon.shares(query)
    assert words.dtype == characters.dtype == np.float32
    np.testing.assert_allclose(words, by_hand(terms, SEGMENTER.terms(query), Bm25()), atol=1e-6)
    np.testing.assert_allclose(characters, by_hand(pairs, grams(query), Bm25()), atol=1e-6)


def test_the_scores_under_the_shares_are_those_of_bm25s(lexicon: Lexicon) -> None:
    from bm25s import BM25

    texts = [SEGMENTER.terms(text) for text in TEXTS]
    model = BM25(method="lucene", k1=2.0, b=0.75)
    model.index(texts, show_progress=False)
    word = "隔膜"
    idf = lexicon.word_weight(word)
    expected = model.get_scores([word]) / idf * (1 + 2.0 * 0.25)
    np.testing.assert_allclose(lexicon.words(word), np.minimum(expected, 1.0), rtol=1e-5)


def test_a_term_that_no_text_holds_lowers_the_share(lexicon: Lexicon) -> None:
    sure, unsure = lexicon.words("隔膜"), lexicon.words("隔膜 无人机")
    assert 0 < unsure[0] < sure[0]
    assert lexicon.words("无人机").tolist() == [0.0] * 6


def test_a_title_is_not_buried_by_a_long_text_that_says_the_same() -> None:
    long = "锂电池隔膜。" + "本发明还公开了一种辊压机的机架与轴承座的连接结构。" * 5
    words, characters = Lexicon.build(["锂电池隔膜", long], SEGMENTER).shares("锂电池隔膜")
    assert words[0] > words[1] > 0
    assert characters[0] > characters[1] > 0


def test_a_batch_gives_the_same_bits_as_single_calls(lexicon: Lexicon) -> None:
    queries = ["锂电池隔膜", "", "铝合金", "阀" * 30]
    together = list(lexicon.batch(queries))
    assert len(together) == 4
    for query, (words, characters) in zip(queries, together, strict=True):
        np.testing.assert_array_equal(words, lexicon.words(query))
        np.testing.assert_array_equal(characters, lexicon.characters(query))


def test_chosen_rows_have_the_shares_of_the_whole(lexicon: Lexicon) -> None:
    rows = np.array([4, 0, 0])
    words, characters = lexicon.at("锂电池铝合金", rows)
    np.testing.assert_array_equal(words, lexicon.words("锂电池铝合金")[rows])
    np.testing.assert_array_equal(characters, lexicon.characters("锂电池铝合金")[rows])


@pytest.mark.parametrize("texts", [[], [""], ["", "。"], ["锂电池"], ["锂电池", "隔膜"]])
def test_few_and_blank_texts_work_and_can_be_saved(texts: list[str], tmp_path: Path) -> None:
    built = Lexicon.build(texts, SEGMENTER)
    built.save(tmp_path)
    for lexicon in (built, Lexicon.load(tmp_path, SEGMENTER)):
        words, characters = lexicon.shares("锂电池")
        assert len(lexicon) == len(texts)
        assert [share > 0 for share in words] == ["锂" in text for text in texts]
        assert [share > 0 for share in characters] == ["锂" in text for text in texts]


def test_what_was_saved_is_loaded_equal_and_saved_again_byte_for_byte(
    lexicon: Lexicon, tmp_path: Path
) -> None:
    lexicon.save(tmp_path / "a")
    loaded = Lexicon.load(tmp_path / "a", SEGMENTER)
    loaded.save(tmp_path / "b")
    names = sorted(p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*.*"))
    assert len(names) == 9
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    for query in ("锂电池隔膜", "7075-T6"):
        for ours, theirs in zip(lexicon.shares(query), loaded.shares(query), strict=True):
            np.testing.assert_array_equal(ours, theirs)
    assert loaded.bm25 == lexicon.bm25


def test_a_damaged_or_foreign_folder_is_refused(lexicon: Lexicon, tmp_path: Path) -> None:
    def refused(name: str, content: bytes | None) -> None:
        folder = tmp_path / name.replace("/", "-")
        lexicon.save(folder)
        if content is None:
            (folder / name).unlink()
        else:
            (folder / name).write_bytes(content)
        with pytest.raises(ModelBroken, match="请运行 patmatch index rebuild"):
            Lexicon.load(folder, SEGMENTER)

    stamp = json.loads(json.dumps(lexicon._stamp()))
    refused("lexicon.json", None)
    refused("lexicon.json", b"[]")
    refused("lexicon.json", json.dumps({**stamp, "segmenter": "other"}).encode())
    refused("words/data.npy", None)
    refused("words/indices.npy", b"\x93NUMPY")
    refused("characters/terms.txt", "电\n池".encode())


def test_weights_are_greater_for_rarer_terms_and_greatest_for_unknown_ones(
    lexicon: Lexicon,
) -> None:
    assert lexicon.word_weight("隔膜") < lexicon.word_weight("铝合金") < lexicon.rarest
    assert lexicon.word_weight("无人机") == lexicon.rarest
    assert lexicon.gram_weight("隔膜") < lexicon.gram_weight("铝合")
    assert (lexicon.holds("隔膜"), lexicon.holds("无人机")) == (True, False)


def test_settings_are_kept_and_the_ceiling_follows_them(tmp_path: Path) -> None:
    lexicon = Lexicon.build(TEXTS, SEGMENTER, bm25=Bm25(k1=1.0, b=0.5))
    lexicon.save(tmp_path)
    assert Lexicon.load(tmp_path, SEGMENTER).bm25 == Bm25(k1=1.0, b=0.5)
    assert Bm25(k1=1.0, b=0.5).ceiling == pytest.approx(2 / 3)
    assert lexicon.segmenter is SEGMENTER


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(TEXT, max_size=6), query=TEXT)
def test_shares_are_finite_between_0_and_1_and_zero_without_a_shared_term(
    texts: list[str], query: str
) -> None:
    for terms in (SEGMENTER.terms, grams):
        postings = Postings.build(map(terms, texts), bm25=Bm25())
        shares = postings.scores(terms(query))
        assert shares.shape == (len(texts),)
        assert np.isfinite(shares).all()
        assert ((shares >= 0) & (shares <= 1)).all()
        shared = [bool(set(terms(text)) & set(terms(query))) for text in texts]
        assert (shares > 0).tolist() == shared
        np.testing.assert_allclose(
            shares, by_hand([terms(text) for text in texts], terms(query), Bm25()), atol=1e-5
        )
