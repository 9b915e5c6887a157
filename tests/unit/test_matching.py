"""Questions to a home: what is stale or broken is built anew before it is asked."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from matcher.engine import Matcher
from matcher.errors import UnknownId
from matcher.matches import Answer, Removal
from matcher.matching import BATCH
from matcher.records import Filter

Open = Callable[..., Matcher]
HEAD = "申请号,标题,摘要,申请人,地址"
NOUNS = ("陶瓷隔膜", "压铸铝合金", "防腐涂料", "植物蛋白肉", "石墨烯散热膜", "污水处理装置")
NUMBERS = (
    "CN202219001622.8", "CN202219031053.1", "CN202019003453.2", "CN201619144828.0",
    "CN202119145795.2", "CN201919120521.0",
)  # fmt: skip


@pytest.fixture
def lists(tmp_path: Path) -> tuple[Path, Path]:
    """Six patents, the first two of Henan, and more needs than one batch holds."""
    patents, needs = tmp_path / "专利.csv", tmp_path / "需求.jsonl"
    lines = [
        f"{number},一种{noun}的制备方法,本发明公开了一种{noun}。,嵩岚理工大学,"
        + ("河南省郑州市金水区文化路1号" if at < 2 else "湖北省武汉市洪山区珞喻路1号")
        for at, (number, noun) in enumerate(zip(NUMBERS, NOUNS, strict=True))
    ]
    patents.write_text("\n".join([HEAD, *lines]), "utf-8")
    rows = [
        {
            "id": f"XQ-{at:03d}",
            "title": f"{NOUNS[at % 6]}{at}号",
            "content": f"需要{NOUNS[at % 6]}。",
        }
        for at in range(BATCH + 6)
    ]
    needs.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return patents, needs


@pytest.fixture
def filled(opened: Open, lists: tuple[Path, Path]) -> Matcher:
    """A home with both lists, indexed."""
    matcher = opened()
    matcher.add_patents([lists[0]])
    matcher.add_needs([lists[1]])
    assert matcher.refresh() > 0
    return matcher


def best(answer: Answer) -> str:
    return answer.matches[0].patent_id


def derived(tmp_path: Path) -> tuple[Path, Path]:
    """The derived folder and the generation in force."""
    folder = tmp_path / "home" / "derived"
    return folder, folder / (folder / "CURRENT").read_text("utf-8")


# ------------------------------------------------------------------------------- answers
def test_every_need_finds_its_patent_alone_and_in_batches(filled: Matcher) -> None:
    together = list(filled.match_all(k=6))
    assert [need.id for need, _ in together] == [f"XQ-{at:03d}" for at in range(BATCH + 6)]
    for at, (need, answer) in enumerate(together):
        assert best(answer) == NUMBERS[at % 6]
        assert answer == filled.match_need(need.id, k=6)
        assert [match.rank for match in answer.matches] == [1, 2, 3, 4, 5, 6]


def test_needs_are_chosen_by_a_filter_of_their_own(filled: Matcher) -> None:
    assert list(filled.match_all(needs=Filter(park=("没有的",)))) == []
    everything = [need.id for need, _ in filled.match_all(k=1, needs=Filter())]
    assert len(everything) == BATCH + 6


def test_progress_counts_the_needs(filled: Matcher) -> None:
    told: list[tuple[str, int, int]] = []
    list(filled.match_all(k=1, progress=lambda *step: told.append(step)))
    assert told == [("匹配", at + 1, BATCH + 6) for at in range(BATCH + 6)]


def test_a_bound_on_the_grade_is_told_with_the_other_filters(filled: Matcher) -> None:
    whole = filled.match_need("XQ-000", filter=Filter(region=("41",)))
    assert [match.patent_id for match in whole.matches] == [NUMBERS[0], NUMBERS[1]]
    good, poor = (match.grade for match in whole.matches)
    assert good > poor
    answer = filled.match_need("XQ-000", filter=Filter(region=("41",), grade_min=good))
    assert answer.matches == whole.matches[:1]
    assert answer.removals == (Removal("region", 4, 4), Removal("grade_min", 1, 1))
    assert (answer.total, answer.passed, answer.relax) == (6, 2, "region")


def test_who_asks_and_who_is_found_stand_on_their_sides(filled: Matcher) -> None:
    by_need, by_patent = filled.match_need("XQ-001", k=1), filled.match_patent(NUMBERS[1], k=1)
    assert (by_need.matches[0].need_id, best(by_need)) == ("XQ-001", NUMBERS[1])
    found = by_patent.matches[0]
    assert (int(found.need_id[3:]) % 6, found.patent_id, found.risks) == (1, NUMBERS[1], ())
    assert by_patent.total == BATCH + 6
    words = filled.match("压铸铝合金", k=1).matches[0]
    assert (words.need_id, words.patent_id) == ("", NUMBERS[1])


def test_figures_of_a_need_are_checked_from_either_side(opened: Open, tmp_path: Path) -> None:
    matcher = opened()
    patents, needs = tmp_path / "专利.csv", tmp_path / "需求.jsonl"
    told = "本发明公开了一种陶瓷隔膜，热收缩率低于3%。"
    patents.write_text(f"{HEAD}\n{NUMBERS[0]},一种陶瓷隔膜,{told},嵩岚理工大学,郑州", "utf-8")
    asked = {"id": "XQ-1", "title": "陶瓷隔膜", "content": "热收缩率≤5%，闭孔温度≥135℃"}
    needs.write_text(json.dumps(asked), "utf-8")
    matcher.add_patents([patents])
    matcher.add_needs([needs])
    first = matcher.match_need("XQ-1").matches[0].checks
    assert [(one.demand, one.verdict, one.found) for one in first] == [
        ("热收缩率≤5%", "satisfied", "热收缩率低于3%"),
        ("闭孔温度≥135℃", "not_stated", ""),
    ]
    assert matcher.match_patent(NUMBERS[0]).matches[0].checks == first
    typed = matcher.match("陶瓷隔膜，热收缩率≤2%").matches[0].checks
    assert [(one.field, one.verdict) for one in typed] == [("content", "not_stated")]


# ------------------------------------------------------------------------------- stale
def test_an_index_that_fits_is_not_built_again(filled: Matcher, opened: Open) -> None:
    encoder = opened()
    assert (filled.refresh(), encoder.refresh()) == (0, 0)


def test_a_need_added_later_is_found(
    filled: Matcher, opened: Open, tmp_path: Path, letters: type[Any]
) -> None:
    old = derived(tmp_path)[1]
    later = tmp_path / "新.jsonl"
    later.write_text(
        json.dumps({"id": "XQ-NEU", "title": "散热膜", "content": "要石墨烯。"}), "utf-8"
    )
    encoder = letters()
    other = opened(encoder)
    other.add_needs([later])
    assert best(other.match_need("XQ-NEU", k=1)) == NUMBERS[4]
    assert sorted(encoder.told) == ["散热膜", "要石墨烯。"]
    folder, new = derived(tmp_path)
    assert new != old and sorted(path.name for path in folder.iterdir()) == ["CURRENT", new.name]
    assert best(filled.match_need("XQ-NEU", k=1)) == NUMBERS[4]
    with pytest.raises(UnknownId, match="没有编号为“XQ-没有”的需求"):
        filled.match_need("XQ-没有")


def test_another_encoder_brings_an_index_of_its_own(
    filled: Matcher, opened: Open, tmp_path: Path, letters: type[Any]
) -> None:
    old, encoder = derived(tmp_path)[1], letters("letters-2")
    other = opened(encoder)
    assert best(other.match_need("XQ-000", k=1)) == NUMBERS[0]
    assert len(encoder.told) == 12 + 2 * (BATCH + 6) - (BATCH + 6 - 6)
    assert derived(tmp_path)[1] != old
    manifest = json.loads((derived(tmp_path)[1] / "manifest.json").read_text("utf-8"))
    assert manifest["encoder"] == "letters-2"


def test_a_record_that_became_part_of_another_is_found_no_more(
    filled: Matcher, tmp_path: Path
) -> None:
    extra = tmp_path / "公告.csv"
    extra.write_text("公开号,标题,申请人\nCN190001588B,陶瓷隔膜一种,嵩岚理工大学", "utf-8")
    filled.add_patents([extra])
    found = [match.patent_id for match in filled.match("陶瓷隔膜", k=10).matches]
    assert sorted(found) == sorted([*NUMBERS, "CN190001588B"])
    extra.write_text(
        f"申请号,公开号,标题,申请人\n{NUMBERS[0]},CN190001588B,陶瓷隔膜一种,嵩岚理工大学", "utf-8"
    )
    (report,) = filled.add_patents([extra])
    assert report.outcomes == {"merged": 1}
    found = [match.patent_id for match in filled.match("陶瓷隔膜", k=10).matches]
    kept = filled.patent_id("CN190001588B")
    assert kept == filled.patent_id(NUMBERS[0])
    assert sorted(found) == sorted({*NUMBERS[1:], kept}) and len(found) == 6


# ------------------------------------------------------------------------------- broken
def no_pointer(folder: Path, generation: Path) -> None:
    (folder / "CURRENT").unlink()


def empty_pointer(folder: Path, generation: Path) -> None:
    (folder / "CURRENT").write_bytes(b"")


def pointer_to_nothing(folder: Path, generation: Path) -> None:
    shutil.rmtree(generation)


def torn_manifest(folder: Path, generation: Path) -> None:
    (generation / "manifest.json").write_bytes(b'{"form')


def torn_vectors(folder: Path, generation: Path) -> None:
    path = generation / "patents" / "vectors.npy"
    path.write_bytes(path.read_bytes()[:-100])


def half_removed(folder: Path, generation: Path) -> None:
    shutil.rmtree(generation / "needs" / "words")


def half_written_draft(folder: Path, generation: Path) -> None:
    shutil.copytree(generation, folder / "draft-4711")
    (folder / "draft-4711" / "manifest.json").unlink()
    (folder / "CURRENT.new").write_bytes(b"gen-")


def nothing_left(folder: Path, generation: Path) -> None:
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    "damage",
    [
        no_pointer, empty_pointer, pointer_to_nothing, torn_manifest, torn_vectors, half_removed,
        half_written_draft, nothing_left,
    ],
)  # fmt: skip
def test_whatever_became_of_the_index_the_answers_stay(
    filled: Matcher,
    opened: Open,
    tmp_path: Path,
    letters: type[Any],
    damage: Callable[[Path, Path], None],
) -> None:
    before = list(filled.match_all(k=3))
    damage(*derived(tmp_path))
    encoder = letters()
    assert list(opened(encoder).match_all(k=3)) == before
    assert encoder.told == []
    assert derived(tmp_path)[1].is_dir()
