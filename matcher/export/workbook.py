"""The workbook that is handed out: 封面, 匹配结果, 专利, 未匹配需求."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from xlsxwriter.workbook import Workbook

from matcher.export.cover import TITLE, Counts, write_cover
from matcher.export.paper import styles
from matcher.export.release import Shown
from matcher.export.rows import chance
from matcher.export.sheets import Asked, write_matches, write_patents, write_unmatched
from matcher.export.unmatched import verdict
from matcher.matches import Provenance
from matcher.records import Patent

UNDATED = datetime(2000, 1, 1)
NAMES = ("封面", "匹配结果", "专利", "未匹配需求")


def write_workbook(file: Path, answers: Sequence[Shown], provenance: Provenance) -> None:
    """Write all four sheets; the time stands on the cover and as the document's date alone.

    :raises BadInput: more rows than a sheet has."""
    asked = asked_patents(answers)
    places = {item.patent.id: row for row, item in enumerate(asked, start=1)}
    verdicts = [(shown.need, verdict(shown.answer)) for shown in answers]
    loose = [(need, told) for need, told in verdicts if told is not None]
    bare = sum(told.best is None for _, told in loose)
    counts = Counts(
        needs=len(answers),
        matches=sum(len(shown.answer.matches) for shown in answers),
        patents=len(asked),
        unmatched=bare,
        weak=len(loose) - bare,
    )
    book = Workbook(str(file), {"strings_to_urls": False, "in_memory": True})
    book.set_properties(
        {"title": TITLE, "comments": "patent-matcher", "created": _created(provenance.made_at)}
    )
    ink = styles(book)
    cover, matches, patents, unmatched = [book.add_worksheet(name) for name in NAMES]
    write_cover(cover, ink, counts, provenance)
    write_matches(matches, ink, answers, places)
    write_patents(patents, ink, asked)
    write_unmatched(unmatched, ink, loose)
    book.close()


def asked_patents(answers: Sequence[Shown]) -> list[Asked]:
    """Every patent once: those that answer most needs first, then by best chance, then by id."""
    found: dict[str, Patent] = {}
    scores: dict[str, list[float]] = {}
    for shown in answers:
        for match in shown.answer.matches:
            found.setdefault(match.patent_id, shown.patents[match.patent_id])
            scores.setdefault(match.patent_id, []).append(chance(match))
    asked = [Asked(patent, len(scores[id]), max(scores[id])) for id, patent in found.items()]
    return sorted(asked, key=lambda item: (-item.needs, -item.best, item.patent.id))


def _created(made_at: str) -> datetime:
    """The time of making for the document's properties, in UTC; a fixed day if it is no time."""
    try:
        moment = datetime.fromisoformat(made_at)
    except ValueError:
        return UNDATED
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
