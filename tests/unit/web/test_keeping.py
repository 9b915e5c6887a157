"""While the app lives, what is written is found without anybody asking for it."""

import time
from typing import Any

from matcher.records import Need, Patent
from matcher.web.keeping import Keeper

WAIT = 10.0


def new_patent(at: int) -> Patent:
    return Patent(
        id=f"P-new-{at}", keys=(f"A:P-new-{at}",), title="一种海藻纤维面料", level="公开",
    )  # fmt: skip


def found(world: Any) -> list[str]:
    return [one.patent_id for one in world.matcher.match("海藻纤维面料", k=3).matches]


def test_a_patent_written_by_another_is_found_within_seconds(fresh: Any) -> None:
    with Keeper(fresh.matcher, every=0.05):
        assert "P-new-1" not in found(fresh)
        fresh.matcher.store.put_patents([new_patent(1)])
        until = time.monotonic() + WAIT
        while "P-new-1" not in found(fresh) and time.monotonic() < until:
            time.sleep(0.05)
        assert "P-new-1" in found(fresh)


def test_a_new_generation_is_built_when_many_came(fresh: Any) -> None:
    keeper = Keeper(fresh.matcher)
    fresh.matcher.store.put_patents([new_patent(at) for at in range(200)])
    keeper.look()
    assert fresh.matcher.behind == 200
    fresh.matcher.store.put_needs([Need(id="N-new", title="海藻纤维")])
    keeper.look()
    assert fresh.matcher.behind == 0
    assert len(found(fresh)) == 3


def test_the_thread_ends_with_the_app(fresh: Any) -> None:
    keeper = Keeper(fresh.matcher, every=30.0)
    started = time.monotonic()
    with keeper:
        pass
    assert time.monotonic() - started < WAIT
