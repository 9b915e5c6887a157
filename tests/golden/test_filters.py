"""Filtered answers equal brute force, written here from the records alone: a predicate over
patents, then all that pass ranked by cosine and the roots of BM25 shares."""

import math
import random
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matcher.config import IndexSettings, MatchSettings, Settings
from matcher.engine import Matcher
from matcher.errors import BadFilter
from matcher.matches import Match, Removal
from matcher.records import Filter, Need, Patent
from matcher.text.aspects import asked, need_aspects

FILTERS = 1000
SEED = 20261123
NEEDS = ("XQ2026-004", "XQ2026-007", "XQ2026-026", "XQ2026-031", "XQ2026-054")


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
        if name != "score_min" and not TESTS[name](patent, getattr(wanted, name))
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
    """All patents with their scores for some needs, by an implementation of its own."""

    patents: dict[str, Patent]
    scores: dict[str, dict[str, float]]

    def failed(self, wanted: Filter) -> dict[str, list[str]]:
        """The fields that each patent fails, by id."""
        return {id: failures(patent, wanted) for id, patent in self.patents.items()}

    def best(self, need: str, failed: dict[str, list[str]]) -> list[str]:
        """The ids of all that pass, best first, ties by id."""
        scores = self.scores[need]
        return sorted((id for id in failed if not failed[id]), key=lambda id: (-scores[id], id))


def removals(wanted: Filter, failed: dict[str, list[str]]) -> tuple[Removal, ...]:
    """For each field how many fail it, and how many fail it alone."""
    used = [f.name for f in fields(wanted) if getattr(wanted, f.name) not in ((), None)]
    every = list(failed.values())
    return tuple(
        Removal(name, sum(name in one for one in every), every.count([name]))
        for name in used
        if name != "score_min"
    )


@pytest.fixture(scope="module")
def brute(sample: Matcher, sample_home: Path) -> Brute:
    """Cosines from the saved vectors, shares from the lexicon, summed in plain Python."""
    derived = sample_home / "derived"
    folder = derived / (derived / "CURRENT").read_text("utf-8") / "patents"
    vectors = np.load(folder / "vectors.npy").astype(np.float64)
    patents = {patent.id: patent for patent in sample.store.each_patent()}
    weights = MatchSettings()
    lexicon, shelf = sample.library.patents.lexicon, sample.library
    scores: dict[str, dict[str, float]] = {}
    for need in sample.store.needs(NEEDS):
        text = asked(need_aspects(need))
        words, characters = lexicon.words(text), lexicon.characters(text)
        query = shelf.needs.matrix[shelf.needs.rows[need.id]].astype(np.float64)
        slope = weights.meaning / (weights.meaning_high - weights.meaning_low)
        scores[need.id] = {
            id: slope * (float(vectors[row] @ query) - weights.meaning_low)
            + weights.words * math.sqrt(words[row])
            + weights.characters * math.sqrt(characters[row])
            for row, id in enumerate(patents)
        }
    return Brute(patents, scores)


@pytest.fixture(
    scope="module",
    params=[("flat", 200), ("flat", 3), ("int8", 3)],
    ids=["many-near", "few-near", "few-near-int8"],
)
def matcher(sample_home: Path, request: pytest.FixtureRequest) -> Any:
    """With the usual number of near candidates, with so few that the bound must work, and with
    few that an int8 index names."""
    kind, near = request.param
    settings = Settings(index=IndexSettings(kind), match=MatchSettings(candidates=near))
    with Matcher.open(sample_home, settings) as opened:
        yield opened


def test_a_thousand_random_filters_answer_as_brute_force_does(
    matcher: Matcher, brute: Brute
) -> None:
    draw = random.Random(SEED)
    patents = list(brute.patents.values())
    empty = narrow = 0
    for wanted in filters(patents, FILTERS, SEED):
        need, k = draw.choice(NEEDS), draw.choice((1, 5, 10, 40, 300))
        answer = matcher.match_need(need, k=k, filter=wanted)
        failed = brute.failed(wanted)
        expected = brute.best(need, failed)
        passing = len(expected)
        assert answer.removals == removals(wanted, failed), wanted
        assert (answer.total, answer.passed) == (210, passing), wanted
        assert_best(answer.matches, expected[:k], brute.scores[need])
        assert not any(failed[match.patent_id] for match in answer.matches), wanted
        assert bool(answer.relax) == (passing < 5), wanted
        empty += passing == 0
        narrow += 0 < passing < 5
    assert empty > 50 and narrow > 50 and FILTERS - empty - narrow > 200


def assert_best(matches: Sequence[Match], expected: list[str], scores: dict[str, float]) -> None:
    """The same ids in the same places, but that scores equal to four digits may be rounded
    either way."""
    own = [(-match.score, match.patent_id) for match in matches]
    assert own == sorted(own)
    for match, id in zip(matches, expected, strict=True):
        assert match.score == pytest.approx(scores[match.patent_id], abs=5e-4)
        assert match.patent_id == id or abs(scores[match.patent_id] - scores[id]) < 5e-4


def test_filters_hold_for_plain_words_too(matcher: Matcher, brute: Brute) -> None:
    patents = list(brute.patents.values())
    whole = matcher.match("智能传感器与节能控制装置", k=300)
    scores = {match.patent_id: match.score for match in whole.matches}
    assert sorted(scores) == sorted(brute.patents)
    for wanted in filters(patents, 100, SEED + 1):
        answer = matcher.match("智能传感器与节能控制装置", k=10, filter=wanted)
        passing = [p.id for p in patents if not failures(p, wanted)]
        expected = sorted(passing, key=lambda id: (-scores[id], id))[:10]
        assert [match.patent_id for match in answer.matches] == expected, wanted
        assert [scores[match.patent_id] for match in answer.matches] == [
            match.score for match in answer.matches
        ]


def test_a_bound_on_the_score_cuts_what_the_other_fields_leave(
    matcher: Matcher, brute: Brute
) -> None:
    patents = list(brute.patents.values())
    for wanted in filters(patents, 60, SEED + 2):
        whole = matcher.match_need(NEEDS[0], k=10, filter=wanted)
        if len(whole.matches) < 2:
            continue
        bound = whole.matches[len(whole.matches) // 2].score
        values = {f.name: getattr(wanted, f.name) for f in fields(wanted)}
        answer = matcher.match_need(NEEDS[0], k=10, filter=Filter(**{**values, "score_min": bound}))
        kept = tuple(match for match in whole.matches if match.score >= bound)
        gone = len(whole.matches) - len(kept)
        assert (answer.matches, answer.passed) == (kept, whole.passed)
        assert answer.removals == (
            *whole.removals,
            *[Removal("score_min", gone, gone)] * (gone > 0),
        )


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
