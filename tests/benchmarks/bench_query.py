"""A warm query beside its bare parts, at four sizes; a batch beside single queries; memory."""

import subprocess
import sys
import time
from collections.abc import Callable

import faiss
import home
import numpy as np

from matcher.encode.windows import leading
from matcher.engine import Matcher
from matcher.library import embed
from matcher.matching import Asking
from matcher.protocols import FloatArray
from matcher.records import Filter
from matcher.text.aspects import need_aspects

FILTER = Filter(industry=("C",), region=("32", "33", "41", "44"))


def bare(matcher: Matcher, texts: list[str]) -> float:
    """p50 ms of encoding one text + a FAISS flat search of ten + scoring BM25, summed."""
    encoder = matcher._works.encoder
    shelf = matcher.library
    flat = faiss.IndexFlatIP(encoder.searched)
    flat.add(np.ascontiguousarray(shelf.patents.readings.near))
    near = leading(encoder.encode_needs(texts), encoder.searched)
    vectors = dict(zip(texts, near, strict=True))
    parts = (
        lambda text: encoder.encode_needs([text]),
        lambda text: flat.search(vectors[text][None, :], 10),
        lambda text: shelf.patents.lexicon.words(text),
    )
    return sum(home.milliseconds(part, texts)[0] for part in parts)


def sizes() -> list[tuple[object, ...]]:
    """A row for each size."""
    rows: list[tuple[object, ...]] = []
    for size in home.SIZES:
        with home.home_of(size) as matcher:
            texts = [need.title for need in matcher.store.each_need()][:200]
            parts = bare(matcher, texts)
            p50, p95 = home.milliseconds(
                lambda t, m=matcher: m.match(t, k=10, filter=FILTER), texts
            )
            free, _ = home.milliseconds(lambda t, m=matcher: m.match(t, k=10), texts)
            rows.append((len(matcher.library.patents), parts, p50, p50 / parts, p95 / p50, free))
    return rows


def batch() -> list[tuple[str, float, float]]:
    """Seconds of 371 single queries, by the need's text and by its id, and of the batch."""
    with home.home_of(max(home.SIZES)) as matcher:
        needs = list(matcher.store.each_need())
        told = {need.id: "\n".join(need_aspects(need).values()) for need in needs}
        acts: dict[str, Callable[[], object]] = {
            "371 single queries, the need's text typed in": lambda: [
                matcher.match(text, k=10) for text in told.values()
            ],
            "371 single queries by need id, vectors known": lambda: [
                matcher.match_need(name, k=10) for name in told
            ],
            "one batch, vectors known": lambda: list(matcher.match_all(k=10)),
        }
        matcher.match_need(needs[0].id)
        taken = {}
        for name, act in acts.items():
            start = time.perf_counter()
            act()
            taken[name] = time.perf_counter() - start
        whole = taken["one batch, vectors known"]
        return [(name, seconds, seconds / whole) for name, seconds in taken.items()]


def grading() -> tuple[float, float]:
    """p50 ms of encoding a need's text and of grading 200 patents for it."""
    with home.home_of(max(home.SIZES)) as matcher:
        encoder, finder = matcher._works.encoder, matcher.finder
        texts = ["\n".join(need_aspects(need).values()) for need in matcher.store.each_need()][:100]
        ids = {text: [one.patent_id for one in matcher.match(text, k=200).matches]
               for text in texts}  # fmt: skip

        def encode(text: str) -> FloatArray:
            return embed([{"content": text}], encoder.encode_needs, encoder.dim)

        vectors = {text: encode(text)[0] for text in texts}

        def grade(text: str) -> object:
            return finder._graded(Asking({"content": text}, vectors[text]), ids[text])

        return home.milliseconds(encode, texts)[0], home.milliseconds(grade, texts)[0]


def memory() -> float:
    """Peak MB of a fresh process that opens the largest home and matches all needs."""
    code = (
        "import sys; sys.path.insert(0, 'tests/benchmarks'); import home; "
        f"m = home.home_of({max(home.SIZES)}); "
        "list(m.match_all(k=10)); print(home.peak_mb())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout.strip().splitlines()[-1])


def main() -> None:
    """Three tables."""
    if home.absent():
        return
    head = ("patents", "bare parts p50 ms", "two filters p50 ms", "ratio (≤ 2)",
            "p95 / p50 (≤ 3)", "no filter p50 ms")  # fmt: skip
    body = home.table(head, sizes())
    head = ("56,875 patents, top 10 with evidence", "seconds", "the batch is × faster (≥ 5)")
    body += (
        f"\n\n{home.table(head, batch())}\n\nPeak memory of a process that matches 371 needs over "
    )
    body += f"56,875 patents: {memory():.0f} MB (≤ 900).\n\n"
    encoded, graded = grading()
    body += (
        f"Grading 200 patents for a need takes {graded:.1f} ms, encoding its whole text "
        f"{encoded:.1f} ms: {graded / encoded:.2f} × (≤ 3).\n\n"
    )
    body += "Bare parts: encoding the text, `IndexFlatIP.search` for ten, BM25 over words alone."
    home.write("query", "A query beside its bare parts", body)


if __name__ == "__main__":
    main()
