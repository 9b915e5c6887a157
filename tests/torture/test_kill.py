"""`kill -9` at any moment of import, encoding and index writing: the next start finds a consistent
home, and the finished run equals an undisturbed one, byte for byte; only vectors may differ in
their last bit, since a text's vector depends that much on the texts it was encoded with.

A kill aims at a stage of the run (in turn) and a random share of the time that stage takes."""

import json
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.lib.recfunctions import structured_to_unstructured

from matcher.engine import Matcher
from matcher.matches import Answer, Match
from matcher.protocols import FloatArray

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
SEED = 9
FLOATS = re.compile(r"(vectors|readings|titles|settled-2-[0-9a-f]+)\.npy")
STUMP = re.compile(r"draft-|gone-|CURRENT\.new$")
TABLES = ("patents", "patent_keys", "needs", "column_maps", "facts", "alembic_version")
STAGES = ("open", "list 1", "list 2", "needs", "encode", "index", "publish")
SCRIPT = """
import sys
from pathlib import Path
from matcher.engine import Matcher

def mark(stage):
    print(stage, flush=True)

def progress(stage, done, total):
    if done == total:
        mark("index" if stage == "编码专利" else "publish")

home, first, second, needs = map(Path, sys.argv[1:5])
mark("open")
with Matcher.open(home) as matcher:
    mark("list 1")
    matcher.add_patents([first], mapping={"名字": "title"})
    mark("list 2")
    matcher.add_patents([second])
    mark("needs")
    matcher.add_needs([needs])
    mark("encode")
    matcher.refresh(rebuild="rebuild" in sys.argv, progress=progress)
mark("done")
"""


@dataclass(frozen=True)
class Lists:
    """Two lists of patents that share some, and one of needs."""

    first: Path
    second: Path
    needs: Path

    def arguments(self) -> list[str]:
        return [str(self.first), str(self.second), str(self.needs)]


@dataclass(frozen=True)
class Whole:
    """All that a finished home holds."""

    rows: dict[str, list[tuple[object, ...]]]
    snapshot: str
    answers: list[tuple[str, Answer]]
    files: dict[str, bytes]
    vectors: dict[str, FloatArray]

    def same_as(self, other: "Whole") -> bool:
        """Equal, scores to 1e-3, vectors to 1e-6 and what is settled of them to 1e-5."""
        for (id, one), (other_id, two) in zip(self.answers, other.answers, strict=True):
            assert id == other_id
            assert [told(match) for match in one.matches] == [told(match) for match in two.matches]
            for match, twin in zip(one.matches, two.matches, strict=True):
                assert match.score == pytest.approx(twin.score, abs=1e-3)
        for name, vectors in self.vectors.items():
            near = 1e-5 if "settled-" in name else 0.0
            np.testing.assert_allclose(vectors, other.vectors[name], rtol=near, atol=1e-6 + near)
        assert self.files == other.files
        return (self.rows, self.snapshot) == (other.rows, other.snapshot)


def told(match: Match) -> tuple[object, ...]:
    return match.patent_id, match.rank, match.evidence, match.missing, match.risks


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Lists:
    """24 rows of the sample's gazette (22 patents), 12 patents with abstracts of which 4 are in
    both, 10 needs."""
    folder = tmp_path_factory.mktemp("lists")
    text = (SAMPLE / "gazette_patents.csv").read_bytes().decode("gb18030")
    head, *lines = text.splitlines()
    lines = [line for line in lines if line.count(",") == head.count(",") and ",," not in line]
    first = folder / "公报.csv"
    first.write_text("\n".join([head.replace("名称", "名字"), *lines[:24]]), "utf-8")
    source = (SAMPLE / "source" / "a_patents.jsonl").read_text("utf-8").splitlines()[:12]
    second = folder / "摘要.jsonl"
    with second.open("w", encoding="utf-8") as out:
        for number, one in enumerate(map(json.loads, source)):
            cells = lines[number].split(",")
            known = {"title": cells[3], "publication_number": cells[0], "applicants": cells[6]}
            other = {"title": one["title"], "publication_number": f"CN19900{number:04d}A"}
            row = {**(known if number < 4 else other), "abstract": one["abstract"]}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    needs = folder / "需求.jsonl"
    wanted = (SAMPLE / "needs_more.jsonl").read_text("utf-8").splitlines()[:10]
    needs.write_text("\n".join(wanted), "utf-8")
    return Lists(first, second, needs)


def dump(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, sorted."""
    base = sqlite3.connect(home / "patmatch.db")
    try:
        return {name: sorted(base.execute(f"SELECT * FROM {name}"), key=repr) for name in TABLES}
    finally:
        base.close()


def records(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of records alone: what was said of columns is kept in a step of its own."""
    rows = dump(home)
    return {name: rows[name] for name in ("patents", "patent_keys", "needs", "facts")}


def numbers(path: Path) -> FloatArray:
    """An array of numbers; one of records as what it says of each, side by side."""
    found = np.load(path)
    return structured_to_unstructured(found) if found.dtype.names else found


def whole(home: Path) -> Whole:
    """Open a home and look at everything."""
    with Matcher.open(home) as matcher:
        answers = [(need.id, answer) for need, answer in matcher.match_all(k=5)]
        snapshot = matcher.store.snapshot()
    derived = home / "derived"
    generation = derived / (derived / "CURRENT").read_text("utf-8")
    assert {path.name for path in derived.iterdir() if not STUMP.match(path.name)} == {
        "CURRENT",
        generation.name,
    }
    files = {
        path.relative_to(generation).as_posix(): path.read_bytes()
        for path in sorted(generation.rglob("*"))
        if path.is_file() and not FLOATS.fullmatch(path.name)
    }
    assert len(files) > 20
    vectors = {
        path.relative_to(generation).as_posix(): numbers(path)
        for path in sorted(generation.rglob("*.npy"))
        if FLOATS.fullmatch(path.name)
    }
    return Whole(dump(home), snapshot, answers, files, vectors)


def finish(home: Path, lists: Lists, *, rebuild: bool = False) -> None:
    """The run of `SCRIPT`, in this process."""
    with Matcher.open(home) as matcher:
        matcher.add_patents([lists.first], mapping={"名字": "title"})
        matcher.add_patents([lists.second])
        matcher.add_needs([lists.needs])
        matcher.refresh(rebuild=rebuild)


@pytest.fixture(scope="module")
def states(lists: Lists, tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    """The records after none, one, two and three of the lists."""
    home = tmp_path_factory.mktemp("states") / "home"
    with Matcher.open(home) as matcher:
        seen = [records(home)]
        matcher.add_patents([lists.first], mapping={"名字": "title"})
        seen.append(records(home))
        matcher.add_patents([lists.second])
        seen.append(records(home))
        matcher.add_needs([lists.needs])
        seen.append(records(home))
    assert [len(state["patents"]) for state in seen] == [0, 22, 30, 30]
    assert [len(state["needs"]) for state in seen] == [0, 0, 0, 10]
    return [*seen]


@pytest.fixture(scope="module")
def undisturbed(lists: Lists, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Whole]:
    """A home that nobody killed, and what it holds."""
    home = tmp_path_factory.mktemp("undisturbed") / "home"
    finish(home, lists)
    return home, whole(home)


@pytest.fixture(scope="module")
def indexed(lists: Lists, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the first list, indexed: a run on it replaces an older generation."""
    home = tmp_path_factory.mktemp("indexed") / "home"
    with Matcher.open(home) as matcher:
        matcher.add_patents([lists.first], mapping={"名字": "title"})
        matcher.refresh()
    return home


def marks(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stdout
    for line in process.stdout:
        yield line.strip()


def start(home: Path, lists: Lists, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SCRIPT, str(home), *lists.arguments(), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")


@pytest.fixture(scope="module")
def lengths(lists: Lists, tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """How many seconds each stage of an undisturbed run takes."""
    found: dict[str, float] = {}
    with start(tmp_path_factory.mktemp("measured") / "home", lists) as process:
        stage, since = "", time.perf_counter()
        for mark in marks(process):
            now = time.perf_counter()
            found[stage] = now - since
            stage, since = mark, now
    assert process.returncode == 0 and list(found) == ["", *STAGES]
    return found


def killed_at(process: subprocess.Popen[str], stage: str, delay: float) -> str:
    """Kill a run `delay` seconds after it comes to a stage; where it really was by then, which
    on a busy machine is later, or "done"."""
    reached = ""
    with process:
        for mark in marks(process):
            reached = mark
            if mark == stage:
                time.sleep(delay)
                process.kill()
    assert reached == "done" or process.returncode == -9
    return reached


@dataclass(frozen=True)
class Scene:
    """What a run may start from and come to."""

    lists: Lists
    states: list[object]
    undisturbed: tuple[Path, Whole]
    indexed: Path
    lengths: dict[str, float]

    def kill(self, home: Path, number: int, draw: random.Random) -> str:
        """One kill, and all that must hold after it; the stage in which it hit."""
        stage, kind = STAGES[number % len(STAGES)], number % 3
        if kind == 1:
            shutil.copytree(self.indexed, home)
        elif kind == 2:
            shutil.copytree(self.undisturbed[0], home)
        process = start(home, self.lists, *(["rebuild"] if kind == 2 else []))
        reached = killed_at(process, stage, draw.random() * self.lengths[stage])
        lists_done = min((*STAGES, "done").index(reached) - 1, 3)
        done = max(lists_done, (0, 1, 3)[kind])
        with Matcher.open(home):
            assert records(home) in self.states[done : done + 2], (number, reached)
        finish(home, self.lists)
        assert whole(home).same_as(self.undisturbed[1]), (number, reached)
        return reached


@pytest.fixture
def scene(
    lists: Lists,
    states: list[object],
    undisturbed: tuple[Path, Whole],
    indexed: Path,
    lengths: dict[str, float],
) -> Scene:
    return Scene(lists, states, undisturbed, indexed, lengths)


def survives(scene: Scene, folder: Path, wanted: int) -> Counter[str]:
    """Kill until so many have hit a run that was still going; how many hit each stage."""
    draw = random.Random(SEED)
    hit: Counter[str] = Counter()
    number = 0
    while hit.total() - hit["done"] < wanted:
        number += 1
        home = folder / f"home-{number}"
        hit[scene.kill(home, number, draw)] += 1
        shutil.rmtree(home)
        assert number <= 3 * wanted, hit
    return hit


def test_a_run_killed_at_a_few_moments_is_finished_as_if_nothing_had_been(
    scene: Scene, tmp_path: Path
) -> None:
    survives(scene, tmp_path, 6)


@pytest.mark.torture
def test_a_run_killed_at_fifty_moments_is_finished_as_if_nothing_had_been(
    scene: Scene, tmp_path: Path
) -> None:
    hit = survives(scene, tmp_path, 50)
    assert {*hit} >= {"open", "encode", "index"} and {*hit} & {"list 1", "list 2", "needs"}
