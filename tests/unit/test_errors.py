"""The tree drawn in errors.py is the tree of classes."""

import re

import pytest

from matcher import errors
from matcher.errors import BadInput, MatcherError, UnknownId

DRAWN = re.compile(r"^ {4}([│├└─ ]*)(\w+) +(\d+) +(\d+)", re.MULTILINE)


def drawn() -> list[tuple[int, str, int, int]]:
    """(depth, class, exit code, status) of each line of the drawing."""
    text = (errors.__doc__ or "").replace("exit  HTTP", "1     500")
    return [
        (len(line[0]) // 4, line[0 + 1], int(line[2]), int(line[3])) for line in DRAWN.findall(text)
    ]


def built(kind: type[MatcherError], depth: int = 0) -> list[tuple[int, str, int, int]]:
    found = [(depth, kind.__name__, kind.exit_code, kind.status)]
    for child in kind.__subclasses__():
        found += built(child, depth + 1)
    return found


def test_the_drawn_tree_is_the_tree_of_classes_with_its_codes_and_statuses() -> None:
    assert len(drawn()) > 8
    assert sorted(drawn()) == sorted(built(MatcherError))


def test_no_error_of_the_tree_lives_elsewhere() -> None:
    names = {name for _, name, _, _ in built(MatcherError)}
    assert all(hasattr(errors, name) for name in names)


def test_every_error_says_in_its_docstring_what_it_means() -> None:
    for _, name, _, _ in built(MatcherError):
        assert getattr(errors, name).__doc__, name


def test_an_error_carries_its_message_and_its_data() -> None:
    error = UnknownId("没有编号为“X”的专利。", id="X")
    assert str(error) == error.message == "没有编号为“X”的专利。"
    assert error.data() == {"error": "UnknownId", "message": "没有编号为“X”的专利。", "id": "X"}
    assert (error.exit_code, error.status) == (3, 404)


def test_a_class_of_errors_is_caught_by_its_parent() -> None:
    with pytest.raises(BadInput):
        raise errors.UnreadableFile("打不开")
