"""How soon a new patent is found while others ask, and what newcomers cost a query."""

import time

import home

from matcher.records import Patent
from matcher.standing import StandingMatcher

TEXTS = [
    "如何提高锂电池隔膜的耐热性", "铝合金压铸件气孔缺陷", "农药残留快速检测", "污水中重金属的去除",
    "高温合金叶片的涂层", "机器视觉检测表面划痕", "电机噪声和振动", "可降解的包装薄膜",
]  # fmt: skip
NEWCOMERS = (1, 200)


def invented(count: int) -> list[Patent]:
    """Patents with an abstract of usual length that no cache has seen."""
    salt = time.time_ns()
    return [
        Patent(
            id=f"bench-{at}", keys=(f"S:bench-{at}",), title=f"一种第{at}号海藻纤维面料的制备方法",
            abstract=f"批次{salt}之{at}。" + "本发明公开了一种海藻纤维面料及其制备方法。" * 11,
        )
        for at in range(count)
    ]  # fmt: skip


def rows(size: int) -> list[tuple[object, ...]]:
    """Seconds until newcomers are in hand, and a query's p50 before and after."""
    home.home_of(size).close()
    found: list[tuple[object, ...]] = []
    with StandingMatcher.open(home.WORK / f"home-{size}") as matcher:
        matcher.refresh()
        before, _ = home.milliseconds(matcher.match, TEXTS * 3)
        start = time.perf_counter()
        for _ in range(20):
            matcher.catch_up()
        idle = (time.perf_counter() - start) / 20 * 1e3
        for count in NEWCOMERS:
            new = invented(count)
            matcher.store.put_patents(new)
            try:
                start = time.perf_counter()
                assert matcher.catch_up() and matcher.behind == count
                taken = time.perf_counter() - start
                assert matcher.match("海藻纤维面料").matches[0].patent_id.startswith("bench-")
                after, _ = home.milliseconds(matcher.match, TEXTS * 3)
            finally:
                matcher.store.put_patents([], gone=[one.id for one in new])
                matcher.catch_up()
            found.append((size, count, idle, taken, before, after, after / before))
    return found


def main() -> None:
    """One table."""
    if home.absent():
        return
    head = ("patents", "newcomers", "a look with nothing new, ms", "newcomers in hand after, s",
            "query p50 before, ms", "with newcomers, ms", "ratio")  # fmt: skip
    body = home.table(head, [row for size in (home.SIZES[0], home.SIZES[-1]) for row in rows(size)])
    body += "\n\nThe service looks once a second (`matcher/web/keeping.py`): a new patent is found "
    body += "after at most that and the fourth column."
    home.write("standing", "Newcomers beside a generation", body)


if __name__ == "__main__":
    main()
