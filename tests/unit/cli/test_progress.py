"""Progress bars: on standard error, and only where a person watches."""

import io
import sys

import pytest

from matcher.cli.progress import bars
from matcher.library import silent


class Terminal(io.StringIO):
    """A stream that a person watches."""

    def isatty(self) -> bool:
        return True


def test_a_person_sees_counts_of_every_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", stream)
    with bars(False) as told:
        told("编码专利", 0, 4)
        told("编码专利", 4, 4)
        told("匹配", 1, 2)
    assert [word in stream.getvalue() for word in ("编码专利", "4/4", "匹配", "1/2")] == [True] * 4


def test_programs_and_pipes_see_none(monkeypatch: pytest.MonkeyPatch) -> None:
    with bars(False) as told:
        assert told is silent
    monkeypatch.setattr(sys, "stderr", Terminal())
    with bars(True) as told:
        assert told is silent
