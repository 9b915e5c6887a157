"""Filtered answers equal brute force, written here from the records alone: a predicate over
patents, the first `ranked` that pass by cosine and the roots of BM25 shares, each of them graded,
and the best by score."""

import math
import random
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matcher.build import make_encoder
from matcher.config import EncoderSettings, IndexSettings, MatchSettings, Settings
from matcher.encode.windows import leading
from matcher.engine import Matcher
from matcher.errors import BadFilter
from matcher.grading import Mark, Marks, Views
from matcher.library import Aspects, embed
from matcher.matches import Answer, Removal
from matcher.records import Filter, Need, Patent
from matcher.text.aspects import asked, need_aspects

FILTERS = 340  # for each of three kinds of index: a thousand in all
SEED = 20261123
NEEDS = ("XQ2026-004", "XQ2026-007", "XQ2026-026", "XQ2026-031", "XQ2026-054")
WORDS = "智能传感器与节能控制装置"


# ------------------------------------------------------------------------------- the predicate
def prefix(code: str) -> str:
    return code[:2] if code[2:] == "0000" else code[:4] if code[4:] == "00" else code


def names(patent: Patent) -> list[str]:
    return [party.name for party in patent.applicants + patent.owners]


def some(values: Sequence[str], wanted: Sequence[str]) -> bool:
    return bool(set(values) & set(wanted))


def begins(values: Sequence[str], wanted: Sequence[str]) -> bool:
    return any(value.startswith(start) for value in values for start in wanted)


def holds(values: Sequence[str], wanted: Sequence[str]) -> bool:
    return any(part in value for value in values for part in wanted)


def known(value: Any) -> list[Any]:
    return [] if value is None else [value]


TESTS: dict[str, Callable[[Patent, Any], bool]] = {
    "industry": lambda p, v: begins(p.industries, v),
    "region": lambda p, v: begins(known(p.region), [prefix(code) for code in v]),
    "park": lambda p, v: holds(known(p.park), v),
    "applicant": lambda p, v: holds(names(p), v),
    "kind": lambda p, v: p.kind in v,
    "legal_status": lambda p, v: p.legal_status in v,
    "ipc": lambda p, v: begins(p.ipc, v),
    "licence_mode": lambda p, v: some(p.terms.licence_modes, v),
    "transfer_mode": lambda p, v: some(p.terms.transfer_modes, v),
    "pay_later": lambda p, v: p.terms.pay_later is v,
    "price_max": lambda p, v: p.terms.price_min is not None and p.terms.price_min <= v,
    "trl_min": lambda p, v: p.terms.trl is not None and p.terms.trl >= v,
    "trl_max": lambda p, v: p.terms.trl is not None and p.terms.trl <= v,
    "filed_from": lambda p, v: p.application_date is not None and p.application_date >= v,
    "filed_to": lambda p, v: p.application_date is not None and p.application_date <= v,
}


def failures(patent: Patent, wanted: Filter) -> list[str]:
    """The fields of the filter that this patent fails."""
    asked_for = [f.name for f in fields(wanted) if getattr(wanted, f.name) not in ((), None)]
    return [
        name
        for name in asked_for
        if name != "grade_min" and not TESTS[name](patent, getattr(wanted, name))
    ]


# ------------------------------------------------------------------------------- the filters
def letters(draw: random.Random) -> str:
    return "".join(draw.choices(string.ascii_uppercase + string.digits, k=draw.randint(1, 4)))


def drawn(patents: Sequence[Patent], draw: random.Random, name: str) -> Any:
    """A value for one field: mostly from a record, sometimes invented."""
    invented = draw.random() < 0.15
    patent = draw.choice(patents)
    match name:
        case "industry":
            code = letters(draw) if invented else draw.choice(patent.industries or ("C38",))
            return code[: draw.randint(1, len(code))]
        case "region":
            code = str(draw.randint(110000, 659999)) if invented else patent.region or "410100"
            length = draw.choice((2, 4, 6))
            return draw.choice((code[:length], code[:length].ljust(6, "0")))
        case "park" | "applicant":
            text = (
                (patent.park or "高新") if name == "park" else draw.choice(names(patent) or ["大"])
            )
            start = draw.randrange(len(text))
            return "不存在的" if invented else text[start : start + draw.randint(1, len(text))]
        case "kind":
            return draw.choice(("发明", "实用新型", "外观设计"))
        case "legal_status":
            return draw.choice(("有效", "审中", "失效", "未知"))
        case "ipc":
            code = letters(draw) if invented else draw.choice(patent.ipc or ("H01M50/446",))
            return code[: draw.randint(1, len(code))]
        case "licence_mode":
            return draw.choice(("独占许可", "排他许可", "普通许可", "开放许可"))
        case "transfer_mode":
            return draw.choice(("转让", "许可", "作价入股"))
        case _:
            return numeric(patent, draw, name)


def numeric(patent: Patent, draw: random.Random, name: str) -> Any:
    if name == "pay_later":
        return draw.random() < 0.5
    if name == "price_max":
        return draw.choice((patent.terms.price_min or 30.0, draw.uniform(0, 100), 0.0))
    if name.startswith("trl"):
        return draw.randint(1, 9)
    filed = patent.application_date or date(2019, 1, 1)
    return filed + timedelta(days=draw.choice((0, -1, 1, draw.randint(-2000, 2000))))


def filters(patents: Sequence[Patent], count: int, seed: int) -> list[Filter]:
    """Random filters over one to four fields each, with up to three values a field."""
    draw = random.Random(seed)
    made = []
    for _ in range(count):
        values: dict[str, Any] = {}
        for name in draw.sample(sorted(TESTS), draw.randint(1, 4)):
            if isinstance(getattr(Filter(), name), tuple):
                several = {drawn(patents, draw, name) for _ in range(draw.randint(1, 3))}
                values[name] = tuple(sorted(several))
            else:
                values[name] = drawn(patents, draw, name)
        made.append(Filter(**values))
    return made


# ------------------------------------------------------------------------------- brute force
@dataclass(frozen=True)
class Brute:
    """All patents with what retrieval gives them for some needs and some words, by an
    implementation of its own, and with what the ranker says of all of them at once."""

    patents: dict[str, Patent]
    near: dict[str, dict[str, float]]
    marks: dict[str, dict[str, Mark]]

    def failed(self, wanted: Filter) -> dict[str, list[str]]:
        """The fields that each patent fails, by id."""
        return {id: failures(patent, wanted) for id, patent in self.patents.items()}

    def ranked(self, asker: str, passing: Sequence[str], depth: int) -> list[str]:
        """The ids of the first `depth` that pass, as the ranker orders them, ties by id."""
        near, graded = self.near[asker], self.marks[asker]
        first = sorted(passing, key=lambda id: (-near[id], id))[:depth]
        return sorted(first, key=lambda id: (-graded[id].score, id))


def removals(wanted: Filter, failed: dict[str, list[str]]) -> tuple[Removal, ...]:
    """For each field how many fail it, and how many fail it alone."""
    used = [f.name for f in fields(wanted) if getattr(wanted, f.name) not in ((), None)]
    every = list(failed.values())
    return tuple(
        Removal(name, sum(name in one for one in every), every.count([name]))
        for name in used
        if name != "grade_min"
    )


@pytest.fixture(scope="module")
def brute(sample: Matcher, sample_home: Path) -> Brute:
    """Cosines from the saved vectors, shares from the lexicon, summed in plain Python; marks from
    texts that are encoded anew."""
    derived = sample_home / "derived"
    folder = derived / (derived / "CURRENT").read_text("utf-8") / "patents"
    vectors = np.load(folder / "vectors.npy").astype(np.float64)
    patents = {patent.id: patent for patent in sample.store.each_patent()}
    weights, lexicon = MatchSettings(), sample.library.patents.lexicon
    slope = weights.meaning / (weights.meaning_high - weights.meaning_low)
    views = Views(sample.ranker, make_encoder(EncoderSettings()))
    offered = views.patents(list(patents.values()))
    askers: dict[str, Aspects] = {need.id: need_aspects(need) for need in sample.store.needs(NEEDS)}
    askers[WORDS] = {"content": WORDS}
    near: dict[str, dict[str, float]] = {}
    graded: dict[str, dict[str, Mark]] = {}
    for asker, aspects in askers.items():
        text = asked(aspects)
        words, characters = lexicon.words(text), lexicon.characters(text)
        (query,) = embed([aspects], views.encoder.encode_needs, views.encoder.dim)
        found_by = leading(query[None], vectors.shape[1])[0].astype(np.float64)
        near[asker] = {
            id: slope * (float(vectors[row] @ found_by) - weights.meaning_low)
            + weights.words * math.sqrt(words[row])
            + weights.characters * math.sqrt(characters[row])
            for row, id in enumerate(patents)
        }
        said = Marks.of(sample.ranker.grade(views.need(aspects), offered))
        graded[asker] = {id: said.at(row) for row, id in enumerate(patents)}
    return Brute(patents, near, graded)


@dataclass(frozen=True)
class Case:
    """A home opened with some settings, how many candidates they let be graded, and what its
    filters are drawn by."""

    matcher: Matcher
    ranked: int
    seed: int


@pytest.fixture(
    scope="module",
    params=[("flat", 200, 200), ("flat", 3, 20), ("int8", 3, 20)],
    ids=["many-near", "few-near", "few-near-int8"],
)
def case(sample_home: Path, request: pytest.FixtureRequest) -> Any:
    """With the usual number of near candidates, with so few that the bound must work, and with
    few that an int8 index names."""
    kind, near, ranked = request.param
    match = MatchSettings(candidates=near, ranked=ranked)
    with Matcher.open(sample_home, Settings(index=IndexSettings(kind), match=match)) as opened:
        yield Case(opened, ranked, 100 * near + len(kind))


@pytest.fixture
def matcher(case: Case) -> Matcher:
    return case.matcher


def assert_best(answer: Answer, expected: list[str], said: dict[str, Mark], k: int) -> None:
    """The first k of the same ids in the same places with the same marks, but for float32's last
    digits; and whether any of all that were graded suits."""
    assert [match.patent_id for match in answer.matches] == expected[:k]
    for rank, match in enumerate(answer.matches, 1):
        mark = said[match.patent_id]
        assert (match.rank, match.grade) == (rank, mark.grade)
        assert match.score == pytest.approx(mark.score, abs=1e-4)
        assert match.chances == pytest.approx(mark.chances, abs=1e-4)
        assert sum(part.points for part in match.parts) == pytest.approx(match.score, abs=1e-9)
        assert [part.name for part in match.parts] == [part.name for part in mark.parts]
    best = max((sum(said[id].chances[2:]) for id in expected), default=1.0)
    assert answer.no_match == (best < 0.15)


def test_a_thousand_random_filters_answer_as_brute_force_does(case: Case, brute: Brute) -> None:
    draw = random.Random(SEED)
    patents = list(brute.patents.values())
    empty = narrow = 0
    for wanted in filters(patents, FILTERS, SEED + case.seed):
        need, k = draw.choice(NEEDS), draw.choice((1, 5, 10, 40, 300))
        answer = case.matcher.match_need(need, k=k, filter=wanted)
        failed = brute.failed(wanted)
        passing = [id for id in failed if not failed[id]]
        expected = brute.ranked(need, passing, max(case.ranked, k))
        assert answer.removals == removals(wanted, failed), wanted
        assert (answer.total, answer.passed) == (210, len(passing)), wanted
        assert_best(answer, expected, brute.marks[need], k)
        assert bool(answer.relax) == (len(passing) < 5), wanted
        empty += not passing
        narrow += 0 < len(passing) < 5
    assert empty > 15 and narrow > 15 and FILTERS - empty - narrow > 70


def test_filters_hold_for_plain_words_too(case: Case, brute: Brute) -> None:
    patents = list(brute.patents.values())
    for wanted in [Filter(), *filters(patents, 100, SEED + 1)]:
        answer = case.matcher.match(WORDS, k=10, filter=wanted)
        passing = [patent.id for patent in patents if not failures(patent, wanted)]
        expected = brute.ranked(WORDS, passing, case.ranked)
        assert_best(answer, expected, brute.marks[WORDS], 10)


def test_a_bound_on_the_grade_cuts_what_the_other_fields_leave(case: Case, brute: Brute) -> None:
    patents, said = list(brute.patents.values()), brute.marks[NEEDS[0]]
    cut = 0
    for number, wanted in enumerate([Filter(), *filters(patents, 60, SEED + 2)]):
        whole = case.matcher.match_need(NEEDS[0], k=10, filter=wanted)
        bounded = replace(wanted, grade_min=(2, 3, 4)[number % 3])
        answer = case.matcher.match_need(NEEDS[0], k=10, filter=bounded)
        passing = [patent.id for patent in patents if not failures(patent, wanted)]
        graded = brute.ranked(NEEDS[0], passing, case.ranked)
        kept = [id for id in graded if said[id].grade >= bounded.grade_min]
        assert [match.patent_id for match in answer.matches] == kept[:10]
        assert answer.matches == tuple(m for m in whole.matches if m.patent_id in kept)
        assert (answer.passed, answer.no_match) == (whole.passed, whole.no_match)
        gone, short = len(graded) - len(kept), len(kept) < min(10, len(graded))
        told = [Removal("grade_min", gone, gone)] * short
        assert answer.removals == (*whole.removals, *told)
        cut += short
    assert cut > 20


def test_needs_are_filtered_by_what_needs_have(matcher: Matcher) -> None:
    needs: list[Need] = list(matcher.store.each_need())
    draw = random.Random(SEED)
    (patent,) = matcher.store.patents(["CN201619144828.0"])
    whole = [m.need_id for m in matcher.match_patent(patent.id, k=100).matches]
    assert sorted(whole) == [need.id for need in needs]
    for _ in range(60):
        need = draw.choice([one for one in needs if one.industries])
        region, part = (need.region or "41")[: draw.choice((2, 4, 6))], need.company[1:4]
        industry = draw.choice(need.industries)[: draw.randint(1, 3)]
        wanted = draw.choice(
            (Filter(region=(region,)), Filter(applicant=(part,)), Filter(industry=(industry,)))
        )
        passing = {
            one.id
            for one in needs
            if begins(known(one.region), wanted.region)
            or holds([one.company], wanted.applicant)
            or begins(one.industries, wanted.industry)
        }
        answer = matcher.match_patent(patent.id, k=100, filter=wanted)
        assert [m.need_id for m in answer.matches] == [id for id in whole if id in passing]
        assert need.id in passing and answer.passed == len(passing)


@pytest.mark.parametrize(
    "wanted",
    [Filter(ipc=("H01M",)), Filter(kind=("发明",)), Filter(trl_min=3), Filter(pay_later=True)],
)
def test_needs_are_not_filtered_by_what_only_patents_have(matcher: Matcher, wanted: Filter) -> None:
    with pytest.raises(BadFilter, match="筛选只适用于专利,不适用于需求"):
        matcher.match("锂电池隔膜", side="needs", filter=wanted)
