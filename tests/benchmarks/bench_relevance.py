"""How the parts and their sum order the graded pairs: nDCG@10 within a need.

Needs with an even place in the order of ids chose the weights, those with an odd one did not."""

import json
from collections import defaultdict
from collections.abc import Callable

import home
import numpy as np

from matcher.config import MatchSettings
from matcher.encode.e5 import E5Encoder
from matcher.encode.shipped import models_dir
from matcher.library import embed
from matcher.protocols import FloatArray
from matcher.retrieve.corpus import meaning
from matcher.retrieve.lexical import Lexicon
from matcher.text.words import Segmenter

Scored = tuple[FloatArray, FloatArray, FloatArray, FloatArray]
Order = Callable[[Scored], FloatArray]


def judged() -> list[Scored]:
    """For each need, by id: cosine, shares of words and characters, and grade of its pairs."""
    needs = {}
    for line in (home.DATA / "demand/needs.jsonl").read_text("utf-8").splitlines():
        need = json.loads(line)
        needs[need["id"]] = need
    pairs = [
        json.loads(line)
        for line in (home.DATA / "judged/pairs_train.jsonl").read_text("utf-8").splitlines()
    ]
    titles = {pair["achievement_id"]: "".join(pair["achievement_terms"]) for pair in pairs}
    rows = {name: row for row, name in enumerate(sorted(titles))}
    graded = defaultdict(list)
    for pair in pairs:
        graded[pair["need_id"]].append((rows[pair["achievement_id"]], pair["grade"]))
    encoder = E5Encoder.open(models_dir(), threads=2)
    texts = [titles[name] for name in sorted(titles)]
    found = embed([{"title": text} for text in texts], encoder.encode_patents, encoder.dim)
    asked = [{"title": needs[n]["title"], "content": needs[n]["content"]} for n in sorted(graded)]
    vectors = embed(asked, encoder.encode_needs, encoder.dim)
    lexicon = Lexicon.build(texts, Segmenter())
    scored = []
    for number, name in enumerate(sorted(graded)):
        chosen = np.array([row for row, _ in graded[name]])
        text = "\n".join((asked[number]["title"], *asked[number].values()))
        words, characters = lexicon.words(text)[chosen], lexicon.characters(text)[chosen]
        grades = np.array([grade for _, grade in graded[name]], dtype=np.float32)
        scored.append((found[chosen] @ vectors[number], words, characters, grades))
    return scored


def ndcg(scores: FloatArray, grades: FloatArray, k: int = 10) -> float | None:
    """Gain 2^(grade-1) - 1, discount 1/log2(place + 1); None where every gain is 0."""
    gain = 2.0 ** (grades - 1) - 1
    discount = 1 / np.log2(np.arange(2, k + 2))
    order = np.argsort(-scores, kind="stable")[:k]
    ideal = np.sort(gain)[::-1][:k]
    best = float((ideal * discount[: len(ideal)]).sum())
    return float((gain[order] * discount[: len(order)]).sum()) / best if best else None


def mean(scored: list[Scored], order: Order) -> float:
    """Mean nDCG@10 over the needs that have one."""
    values = (ndcg(order(one), one[3]) for one in scored)
    return float(np.mean([value for value in values if value is not None]))


def main() -> None:
    """One table."""
    if home.absent():
        return
    settings = MatchSettings()
    orders: dict[str, Order] = {
        "meaning (e5, pooled)": lambda s: s[0],
        "words (BM25 share)": lambda s: s[1],
        "characters (BM25 share)": lambda s: s[2],
        "sum of shares, best weights found": lambda s: (s[0] - 0.84) * 10 + 0.8 * s[1] + 5 * s[2],
        "sum of roots, as shipped": lambda s: (
            meaning(s[0], settings)
            + settings.words * np.sqrt(s[1])
            + settings.characters * np.sqrt(s[2])
        ),
    }
    scored = judged()
    rows = [
        (name, f"{mean(scored[::2], order):.3f}", f"{mean(scored[1::2], order):.3f}")
        for name, order in orders.items()
    ]
    body = home.table(("nDCG@10 within a need", "even needs (chose)", "odd needs"), rows)
    told = (
        f"\n\n7,376 graded pairs of {len(scored)} needs (judged/pairs_train.jsonl); gain "
        "2^(grade-1) - 1. A need's text is its title twice and its content; an achievement is the "
        "terms of its title. Ranking by a trained model is issue B; this only sets the weights "
        "of the sum (docs/decisions/0005-fusion.md)."
    )
    home.write("relevance", "How the parts order graded pairs", body + told)


if __name__ == "__main__":
    main()
