"""The nouns of an answer, frozen and without I/O: what was found, how near, why, and what to
mind.  `Hit -> Candidate -> Match(parts, evidence, risks) -> Answer -> file`."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from matcher.records import Grade, TextField

PartName = Literal[
    "start",  # what every pair begins with
    "meaning",  # of all of the need and of its title
    "main_problem",
    "key_technology",
    "expected_goal",
    "content",  # how close the patent is to each of these fields of the need
    "terms",
    "field",  # technical field by IPC
    "memory",  # earlier grades of the same or similar needs
]
PARTS: Mapping[PartName, str] = MappingProxyType(
    {
        "start": "起点",
        "meaning": "意思相近",
        "main_problem": "主要问题接近",
        "key_technology": "技术关键接近",
        "expected_goal": "预期目标接近",
        "content": "需求内容接近",
        "terms": "共同术语",
        "field": "技术领域",
        "memory": "历史评价",
    }
)
NAMED = 3
CheckVerdict = Literal["satisfied", "not_satisfied", "not_stated"]
RiskCode = Literal["lapsed", "unknown_status", "pending", "expiring", "co_owned", "pledged"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer of a vector index: an id and its inner product with the query."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Part:
    """A named share of a score; the parts of a match, in log-odds, add up to its score.  `raw` is
    what it was made of, or the points themselves."""

    name: PartName
    points: float
    raw: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A retrieved record with its score, in points."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentence of the found text that best answers one aspect of the query.

    `start`/`end` are character offsets into the field named `field`; `marks` are the offsets,
    within the sentence, of what both sides say; `share` in 0-1 is how much of the aspect's
    weight the sentence covers; `terms` the shared terms, most telling first."""

    aspect: TextField
    field: TextField
    start: int
    end: int
    sentence: str
    marks: tuple[tuple[int, int], ...]
    terms: tuple[str, ...]
    share: float


@dataclass(frozen=True, slots=True)
class Risk:
    """Something known that speaks against or complicates a transfer.  `note` is Chinese."""

    code: RiskCode
    note: str


@dataclass(frozen=True, slots=True)
class Check:
    """What a patent says to one figure that a need demands.

    `demand` is the need's `field[start:end]`; `found` the patent's
    `found_field[found_start:found_end]`, all three blank when it does not state it clearly."""

    demand: str
    start: int
    end: int
    field: TextField
    verdict: CheckVerdict
    found: str = ""
    found_field: TextField | None = None
    found_start: int = 0
    found_end: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """A named part of a score in log-odds: above zero it helps, below it hurts."""

    label: str
    value: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """`start` + the values of `bars` = `score`, in log-odds of grade >= 3, whose chance is
    `chance` (0-1); grade 2, 3 and 4 begin at `steps`.  Labels are Chinese."""

    start: float
    bars: tuple[Bar, ...]
    score: float
    steps: tuple[float, float, float]
    grade: Grade
    chance: float


@dataclass(frozen=True, slots=True)
class Match:
    """A need and a patent brought together; `rank` is 1-based within the query's answer.

    `score` is the log-odds of grade >= 3, the sum of `parts`; `chances` are those of grades 1-4,
    and `grade` is their median; `steps` are the scores at which grade 2, 3 and 4 begin."""

    need_id: str
    patent_id: str
    rank: int
    score: float
    parts: tuple[Part, ...]
    grade: Grade = 1
    chances: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)
    steps: tuple[float, float, float] = (-1.0, 0.0, 1.0)
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    risks: tuple[Risk, ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def chance(self) -> float:
        """Of grade 3 or 4, 0-1."""
        return self.chances[2] + self.chances[3]

    def explain(self) -> Explanation:
        """The score from its start, part by part, to the grade: nothing but the parts."""
        start = sum(part.points for part in self.parts if part.name == "start")
        bars = tuple(
            Bar(self._label(part), part.points) for part in self.parts if part.name != "start"
        )
        return Explanation(start, bars, self.score, self.steps, self.grade, self.chance)

    def _label(self, part: Part) -> str:
        """`共同术语: 隔膜、热收缩率` where shared terms helped, else what the part is called."""
        shared = dict.fromkeys(term for proof in self.evidence for term in proof.terms)
        if part.name != "terms" or part.points <= 0 or not shared:
            return PARTS[part.name]
        return f"{PARTS[part.name]}: {'、'.join(list(shared)[:NAMED])}"


@dataclass(frozen=True, slots=True)
class Removal:
    """How many records one filter field removes on its own, and how many of the records that
    pass all other fields it alone keeps out."""

    field: str
    removed: int
    blocked: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gets: matches best first, how many records there were and passed the
    filter, what each filter removed, and which one to relax when few are left (or "").

    `no_match`: none has a chance worth a call (`MatchSettings.no_match`), though the nearest are
    listed."""

    matches: tuple[Match, ...]
    total: int
    passed: int
    removals: tuple[Removal, ...] = ()
    relax: str = ""
    no_match: bool = False


@dataclass(frozen=True, slots=True)
class Provenance:
    """All that is needed to make an export again."""

    snapshot: str
    encoder: str
    index: str
    ranker: str
    filters: Mapping[str, str]
    version: str
    made_at: str
