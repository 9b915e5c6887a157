"""The sample end to end: import -> index -> match -> explain -> export, through `Matcher`."""

import json
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from matcher.engine import Matcher
from matcher.errors import BadInput, Conflict, UnknownId
from matcher.matches import Answer, Match, Removal
from matcher.records import Filter, Need
from matcher.text.aspects import need_aspects, patent_aspects

Open = Callable[[], Matcher]
BEST = {
    "XQ2026-004": ["CN202119142854.0", "CN201819141441.9", "CN202119209386.4"],
    "XQ2026-023": ["CN202219078733.9", "CN202119077404.8", "CN202119082734.6"],
    "XQ2026-029": ["CN201919009114.2", "CN201819062357.8", "CN201919010034.9"],
    "XQ2026-031": ["CN202019166072.6", "CN202019167208.5", "CN201919193430.X"],
    "XQ2026-048": ["CN202019051510.4", "CN202119053697.6", "CN202319052608.5"],
    # The second, which slots the seam, answers better than the first, which catches dust.
    "XQ2026-052": ["CN202329130784.1", "CN201919129639.X", "CN201919131205.3"],
}


@pytest.fixture(scope="module")
def answers(sample: Matcher) -> dict[str, tuple[Need, Answer]]:
    """The answers to all needs of the sample."""
    return {need.id: (need, answer) for need, answer in sample.match_all(k=10)}


def ids(answer: Answer) -> list[str]:
    return [match.patent_id for match in answer.matches]


# ------------------------------------------------------------------------------- the answers
def test_six_needs_find_the_patents_that_answer_them(
    answers: dict[str, tuple[Need, Answer]],
) -> None:
    assert {id: ids(answers[id][1])[:3] for id in BEST} == BEST


def test_every_need_of_the_sample_is_answered_once_and_in_order(
    answers: dict[str, tuple[Need, Answer]],
) -> None:
    assert list(answers) == [f"XQ2026-{number:03d}" for number in range(1, 61)]
    for _, answer in answers.values():
        assert (answer.total, answer.passed, answer.removals, answer.relax) == (210, 210, (), "")
        assert [match.rank for match in answer.matches] == list(range(1, 11))
        keys = [(-match.score, match.patent_id) for match in answer.matches]
        assert keys == sorted(keys)


def test_the_parts_of_every_match_add_up_to_its_score(
    answers: dict[str, tuple[Need, Answer]],
) -> None:
    for id, (need, answer) in answers.items():
        for match in answer.matches:
            assert match.need_id == id
            names = [part.name for part in match.parts]
            told = [name for name in need_aspects(need) if name != "title"]
            assert names == ["start", "meaning", "terms", "field", *told, "memory"]
            assert sum(part.points for part in match.parts) == pytest.approx(match.score, abs=1e-9)
            assert match.chance == pytest.approx(1 / (1 + math.exp(-match.score)), abs=2e-6)
            assert sum(match.chances) == pytest.approx(1.0, abs=4e-6)
            assert match.grade == 1 + sum(match.score >= step for step in match.steps)


def assert_sound(match: Match, query: dict[str, str], found: dict[str, str]) -> int:
    """Every proof quotes the found text letter by letter; how many there are."""
    for proof in match.evidence:
        assert proof.aspect in query
        assert found[proof.field][proof.start : proof.end] == proof.sentence
        assert proof.sentence.strip() and proof.marks and 0 < proof.share <= 1
        ends = [0, *(end for _, end in proof.marks)]
        for (start, end), before in zip(proof.marks, ends, strict=False):
            assert before <= start < end <= len(proof.sentence)
        assert proof.terms and all(term in proof.sentence for term in proof.terms)
    return len(match.evidence)


def test_evidence_is_quoted_from_the_patents_letter_by_letter(
    sample: Matcher, answers: dict[str, tuple[Need, Answer]]
) -> None:
    texts = {patent.id: dict(patent_aspects(patent)) for patent in sample.store.each_patent()}
    proofs: dict[str, list[int]] = {}
    for id, (need, answer) in answers.items():
        query = dict(need_aspects(need))
        proofs[id] = [assert_sound(m, query, texts[m.patent_id]) for m in answer.matches]
    assert [id for id in BEST if proofs[id][0] == 0] == []
    assert sum(counts[0] > 0 for counts in proofs.values()) >= 48


def assert_same(one: Match, other: Match) -> None:
    assert one.score == pytest.approx(other.score, abs=1e-3)
    for part, twin in zip(one.parts, other.parts, strict=True):
        assert part.name == twin.name
        assert part.points == pytest.approx(twin.points, abs=1e-3)
    for name in ("need_id", "patent_id", "rank", "evidence", "missing", "risks"):
        assert getattr(one, name) == getattr(other, name)


def test_all_needs_at_once_get_the_answers_of_one_at_a_time(
    sample: Matcher, answers: dict[str, tuple[Need, Answer]]
) -> None:
    for id, (_, together) in answers.items():
        alone = sample.match_need(id, k=10)
        assert ids(alone) == ids(together), id
        for one, other in zip(alone.matches, together.matches, strict=True):
            assert_same(one, other)


def test_a_filter_holds_for_all_at_once_as_for_one(sample: Matcher) -> None:
    wanted, asked = Filter(region=("41",), kind=("发明",)), Filter(region=("33",))
    together = list(sample.match_all(k=50, filter=wanted, needs=asked))
    known = {need.id: need.region or "" for need in sample.store.each_need()}
    assert [need.id for need, _ in together] == [i for i in known if known[i].startswith("33")]
    for need, answer in together:
        alone = sample.match_need(need.id, k=50, filter=wanted)
        assert (ids(alone), alone.removals) == (ids(answer), answer.removals)
        assert len(answer.matches) == answer.passed < answer.total == 210


def test_plain_words_find_patents(sample: Matcher) -> None:
    answer = sample.match("如何提高锂电池隔膜的耐热性", k=4)
    found = sample.store.patents(ids(answer))
    assert all("隔膜" in patent.title + patent.abstract for patent in found)
    assert "CN202219001622.8" in ids(answer)
    assert {match.need_id for match in answer.matches} == {""}
    for match, patent in zip(answer.matches, found, strict=True):
        query = {"content": "如何提高锂电池隔膜的耐热性"}
        assert assert_sound(match, query, dict(patent_aspects(patent))) == 1


def test_plain_words_find_needs(sample: Matcher) -> None:
    answer = sample.match("一种锂电池隔膜的陶瓷涂覆方法", k=2, side="needs")
    assert {match.need_id for match in answer.matches} == {"XQ2026-038", "XQ2026-001"}
    assert [match.patent_id for match in answer.matches] == ["", ""]
    assert [match.risks for match in answer.matches] == [(), ()]
    assert (answer.total, answer.passed) == (60, 60)


def test_a_patent_finds_the_need_it_answers_however_it_is_named(sample: Matcher) -> None:
    by_id = sample.match_patent("CN201619144828.0", k=3)
    assert [match.patent_id for match in by_id.matches] == ["CN201619144828.0"] * 3
    assert {match.need_id for match in by_id.matches[:2]} == {"XQ2026-038", "XQ2026-001"}
    for match in by_id.matches:
        (need,) = sample.store.needs([match.need_id])
        (patent,) = sample.store.patents([match.patent_id])
        assert_sound(match, dict(patent_aspects(patent)), dict(need_aspects(need)))
    (patent,) = sample.store.patents(["CN201619144828.0"])
    names = ["201619144828.0", "ZL201619144828.0", "2016191448280", *patent.publication_numbers]
    assert [sample.match_patent(name, k=3) for name in names] == [by_id] * len(names)


def test_a_bound_on_the_grade_drops_the_rest_and_says_how_many(sample: Matcher) -> None:
    whole = sample.match_need("XQ2026-014", k=1000)
    grades = [match.grade for match in whole.matches]
    assert grades == sorted(grades, reverse=True) and set(grades) == {1, 2, 3}
    for bound in (2, 3, 4):
        kept = tuple(match for match in whole.matches if match.grade >= bound)
        answer = sample.match_need("XQ2026-014", k=1000, filter=Filter(grade_min=bound))
        assert answer.matches == kept
        gone = 210 - len(kept)
        assert (answer.removals, answer.passed) == ((Removal("grade_min", gone, gone),), 210)


def test_unknown_ids_are_named(sample: Matcher) -> None:
    with pytest.raises(UnknownId, match="没有编号为“XQ-0”的需求"):
        sample.match_need("XQ-0")
    with pytest.raises(UnknownId, match=r"没有编号为“CN209999999999\.9”的专利"):
        sample.match_patent("CN209999999999.9")


@pytest.mark.parametrize("text", ["", " \n\t", "\u3000"])
def test_a_blank_question_is_answered_with_an_example(sample: Matcher, text: str) -> None:
    with pytest.raises(BadInput, match="请写出您的技术需求"):
        sample.match(text)


def test_none_or_more_than_all_can_be_asked_for(sample: Matcher) -> None:
    assert sample.match_need("XQ2026-004", k=0).matches == ()
    everything = sample.match_need("XQ2026-004", k=1000)
    assert sorted(ids(everything)) == [patent.id for patent in sample.store.each_patent()]


def test_a_home_without_records_answers_nothing(tmp_path: Path) -> None:
    with Matcher.open(tmp_path / "home") as matcher:
        answer = matcher.match("如何提高锂电池隔膜的耐热性")
        assert answer == Answer((), 0, 0)
        assert list(matcher.match_all()) == []


# ------------------------------------------------------------------------------- two at once
HOLDER = """
import sys
from filelock import FileLock
with FileLock(sys.argv[1] + "/lock"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_writer_is_told_to_wait_while_readers_read_on(
    copied: Open, need_files: list[Path], tmp_path: Path
) -> None:
    matcher = copied()
    script = [sys.executable, "-c", HOLDER, str(tmp_path / "home")]
    with subprocess.Popen(script, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdin and other.stdout and other.stdout.readline() == b"held\n"
        for write in (
            lambda: matcher.add_needs(need_files),
            lambda: matcher.add_patents(need_files),
            lambda: matcher.refresh(rebuild=True),
        ):
            with pytest.raises(Conflict, match="另一个 patmatch 正在更新这个数据文件夹"):
                write()
        assert ids(matcher.match_need("XQ2026-004", k=3)) == BEST["XQ2026-004"]
        other.stdin.close()
    assert matcher.add_needs(need_files)[0].outcomes == {"unchanged": 45}


def test_a_second_matcher_of_one_process_waits_too(copied: Open) -> None:
    one, other = copied(), copied()

    def meanwhile(stage: str, done: int, total: int) -> None:
        with pytest.raises(Conflict):
            other.refresh(rebuild=True)

    one.refresh(rebuild=True, progress=meanwhile)


# ------------------------------------------------------------------------------- export
def test_two_exports_differ_in_their_time_alone(sample: Matcher, tmp_path: Path) -> None:
    paths = [tmp_path / "一.jsonl", tmp_path / "二.jsonl"]
    wanted = Filter(kind=("发明",), region=("41", "42"))
    told = [sample.export(path, k=5, filter=wanted) for path in paths]
    assert told[0] == told[1]
    (first, *ones), (second, *others) = (path.read_bytes().splitlines() for path in paths)
    assert ones == others
    heads = [json.loads(first), json.loads(second)]
    times = [head["provenance"].pop("made_at") for head in heads]
    assert heads[0] == heads[1]
    assert first.replace(times[0].encode(), times[1].encode()) == second
    assert heads[0]["provenance"]["snapshot"] == sample.store.snapshot()


def test_an_export_holds_the_answers_of_match_all(
    sample: Matcher, answers: dict[str, tuple[Need, Answer]], tmp_path: Path
) -> None:
    told = sample.export(tmp_path / "全部.jsonl", k=10)
    assert (told.needs, told.matches, told.unmatched) == (60, 600, 0)
    lines = (tmp_path / "全部.jsonl").read_text("utf-8").splitlines()
    found = {
        row["need"]["need_id"]: [match["patent"]["patent_id"] for match in row["matches"]]
        for row in map(json.loads, lines[1:])
    }
    assert found == {id: ids(answer) for id, (_, answer) in answers.items()}
