"""One home with the whole sample in it, made once for all end-to-end tests."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from matcher.engine import Matcher

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
PATENT_FILES = (
    "gazette_patents.csv",
    "incopat_export.xlsx",
    "patsnap_export.xlsx",
    "transfer_sheet.xls",
)
NEED_FILES = ("needs_form.xlsx", "needs_more.jsonl")


@pytest.fixture(scope="session")
def patent_files() -> list[Path]:
    """The sample's patent lists, in the order of its README."""
    return [SAMPLE / name for name in PATENT_FILES]


@pytest.fixture(scope="session")
def need_files() -> list[Path]:
    """The sample's lists of needs."""
    return [SAMPLE / name for name in NEED_FILES]


@pytest.fixture(scope="session")
def sample_home(
    tmp_path_factory: pytest.TempPathFactory, patent_files: list[Path], need_files: list[Path]
) -> Path:
    """A home with the sample imported and indexed by the shipped encoder; nobody changes it."""
    home = tmp_path_factory.mktemp("sample") / "home"
    with Matcher.open(home) as matcher:
        matcher.add_patents(patent_files)
        matcher.add_needs(need_files)
        assert matcher.refresh() > 0
    return home


@pytest.fixture(scope="session")
def sample(sample_home: Path) -> Iterator[Matcher]:
    """The sample's home, opened to be asked only."""
    with Matcher.open(sample_home) as matcher:
        yield matcher


@pytest.fixture
def copied(sample_home: Path, tmp_path: Path) -> Iterator[Callable[[], Matcher]]:
    """Opens a copy of the sample's home, as often as asked, that a test may change."""
    home = tmp_path / "home"
    shutil.copytree(sample_home, home)
    opened: list[Matcher] = []

    def open_again() -> Matcher:
        opened.append(Matcher.open(home))
        return opened[-1]

    yield open_again
    for matcher in opened:
        matcher.close()
