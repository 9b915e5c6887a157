"""What a ranker knows before any grade: centres, fields and term frequencies, from patents and
needs that nobody judged."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from matcher.protocols import FloatArray, IntArray
from matcher.rank.features import Centres, centred
from matcher.rank.fields import Fields
from matcher.rank.terms import Frequencies
from matcher.text.grams import grams
from matcher.text.words import Segmenter

RAREST = 2
PASSES = 12
BATCH = 512
RATE = 3e-3
LEAST_TEXTS = 15
AXES = 128  # as good as all 768 (docs/decisions/0011-ranker.md)


def frequencies(titles: Sequence[str], wholes: Sequence[str], segmenter: Segmenter) -> Frequencies:
    """Of (n,) titles; the mean lengths also of (m,) whole texts.  A term of one text alone is as
    good as unseen and left out."""
    words, pairs = Counter[str](), Counter[str]()
    for title in titles:
        words.update(set(segmenter.terms(title)))
        pairs.update(set(grams(title)))

    def lengths(texts: Sequence[str]) -> tuple[float, float]:
        return (
            float(np.mean([len(segmenter.terms(text)) for text in texts])),
            float(np.mean([len(grams(text)) for text in texts])),
        )

    (title_words, title_grams), (whole_words, whole_grams) = lengths(titles), lengths(wholes)
    return Frequencies(
        len(titles),
        _kept(words),
        _kept(pairs),
        (title_words, whole_words),
        (title_grams, whole_grams),
    )


def centres(
    needs: FloatArray,
    titles: tuple[FloatArray, FloatArray],
    wholes: FloatArray,
    titles_of_wholes: FloatArray,
) -> Centres:
    """Means of the rows, of two sorts of titles the middle; `wholes` and `titles_of_wholes` (m, d)
    are the same m patents.  A cosine with the whole is brought to the mean and deviation of one
    with the title.  The axes are the first principal ones of the titles, of both sorts alike."""
    need, whole = needs.mean(axis=0), wholes.mean(axis=0)
    title: FloatArray = (titles[0].mean(axis=0) + titles[1].mean(axis=0)) / 2
    asked = centred(needs, need)
    plain = centred(titles_of_wholes, title) @ asked.T
    rich = centred(wholes, whole) @ asked.T
    factor = float(plain.std() / rich.std())
    step = float(plain.mean() - factor * rich.mean())
    return Centres(need, title, whole, factor, step, _axes([centred(one, title) for one in titles]))


def learn_fields(vectors: FloatArray, ipc: Sequence[Sequence[str]], *, seed: int) -> Fields:
    """Softmax regression of (n, d) vectors on the IPC subclasses that each bears, the main one
    twice; subclasses of fewer than 15 texts are left out, all of them if need be.  Adam, the same
    bytes for a seed."""
    names, shares = subclass_shares(ipc)
    places = {name: place for place, name in enumerate(names)}
    if not names:
        none = np.zeros((vectors.shape[1], 0), dtype=np.float32)
        return Fields(names, none, none[0], none[:0], places)
    rows = np.flatnonzero(shares.any(axis=1))
    mean, spread = vectors[rows].mean(axis=0), vectors[rows].std(axis=0) + 1e-6
    weights, offsets = _softmax((vectors[rows] - mean) / spread, shares[rows], seed)
    weights /= spread[:, None]
    offsets = offsets - mean @ weights
    read = vectors[rows] @ weights + offsets
    homes = (shares[rows].T @ read) / shares[rows].sum(axis=0)[:, None]
    middle = read.mean(axis=0)
    return Fields(names, weights, offsets - middle, homes - middle, places)


def subclass_shares(ipc: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], FloatArray]:
    """The IPC subclasses that at least 15 of (n,) texts bear, and the shares of each text (n, c),
    its main one counting twice; a row of zeros for a text that bears none."""
    symbols = [list(dict.fromkeys(symbol[:4] for symbol in found)) for found in ipc]
    counts = Counter(name for found in symbols for name in found)
    names = tuple(sorted(name for name, count in counts.items() if count >= LEAST_TEXTS))
    places = {name: place for place, name in enumerate(names)}
    shares = np.zeros((len(symbols), len(names)), dtype=np.float32)
    for row, found in enumerate(symbols):
        known = [places[name] for name in found if name in places]
        for place in known:
            shares[row, place] = 1.0
        if known:
            shares[row, known[0]] += 1.0
            shares[row] /= shares[row].sum()
    return names, shares


def _axes(sorts: Sequence[FloatArray]) -> FloatArray:
    """(d, AXES) directions in which unit rows differ most, each pointing to where its largest
    entry is positive."""
    squares = sum(rows.T @ rows / np.float32(len(rows)) for rows in sorts)
    _, found = np.linalg.eigh(np.asarray(squares, dtype=np.float64))
    axes = found[:, ::-1][:, :AXES]
    largest = np.abs(axes).argmax(axis=0)
    turned: FloatArray = (axes * np.sign(axes[largest, np.arange(axes.shape[1])])).astype(
        np.float32
    )
    return turned


def _softmax(inputs: FloatArray, shares: FloatArray, seed: int) -> tuple[FloatArray, FloatArray]:
    """Adam over mini-batches, the rate falling by a fifth after each pass."""
    chance = np.random.default_rng(seed)
    inputs = np.hstack([inputs, np.ones((len(inputs), 1), np.float32)]).astype(np.float32)
    weights = np.zeros((inputs.shape[1], shares.shape[1]), dtype=np.float32)
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    step, rate = 0, RATE
    for _ in range(PASSES):
        for batch in _batches(chance.permutation(len(inputs))):
            step += 1
            told = inputs[batch] @ weights
            told -= told.max(axis=1, keepdims=True)
            odds = np.exp(told)
            odds /= odds.sum(axis=1, keepdims=True)
            slope = inputs[batch].T @ (odds - shares[batch]) / np.float32(len(batch))
            first += 0.1 * (slope - first)
            second += 0.001 * (slope * slope - second)
            even = np.sqrt(second / (1 - 0.999**step)) + 1e-8
            weights -= rate / (1 - 0.9**step) * first / even
        rate *= 0.8
    return weights[:-1], weights[-1]


def _batches(order: IntArray) -> Iterable[IntArray]:
    return (order[at : at + BATCH] for at in range(0, len(order), BATCH))


def _kept(counts: Counter[str]) -> dict[str, int]:
    return {term: count for term, count in sorted(counts.items()) if count >= RAREST}
