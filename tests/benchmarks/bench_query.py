"""A warm query beside its bare parts, at four sizes; a batch beside single queries; memory."""

import subprocess
import sys
import time

import faiss
import home
import numpy as np

from matcher.engine import Matcher
from matcher.records import Filter

FILTER = Filter(industry=("C",), region=("32", "33", "41", "44"))


def bare(matcher: Matcher, texts: list[str]) -> float:
    """p50 ms of encoding one text + a FAISS flat search of ten + scoring BM25, summed."""
    encoder = matcher._works.encoder
    shelf = matcher.library
    flat = faiss.IndexFlatIP(encoder.dim)
    flat.add(np.ascontiguousarray(shelf.patent_vectors))
    vectors = dict(zip(texts, encoder.encode_needs(texts), strict=True))
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


def batch() -> tuple[float, float]:
    """Seconds of 371 single queries by id and of the batch, both warm."""
    with home.home_of(max(home.SIZES)) as matcher:
        ids = [need.id for need in matcher.store.each_need()]
        matcher.match_need(ids[0])
        start = time.perf_counter()
        for name in ids:
            matcher.match_need(name, k=10)
        single = time.perf_counter() - start
        start = time.perf_counter()
        for _ in matcher.match_all(k=10):
            pass
        return single, time.perf_counter() - start


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
    single, whole = batch()
    told = [("371 single queries", single, 1.0), ("one batch", whole, single / whole)]
    head = ("56,875 patents, by need", "seconds", "times faster (≥ 5)")
    body += f"\n\n{home.table(head, told)}\n\nPeak memory of a process that matches 371 needs over "
    body += f"56,875 patents: {memory():.0f} MB (≤ 900).\n\nBare parts: encoding the text, `IndexFlatIP.search` for ten, BM25 over words alone."
    home.write("query", "A query beside its bare parts", body)


if __name__ == "__main__":
    main()
