"""A command line to type at, and a small home of invented patents and needs."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from matcher.cli.main import app

Type = Callable[..., Result]
HEADERS = (
    "申请号,名称,申请人,地址,摘要,IPC,申请日,法律状态,技术成熟度,许可方式,转化方式,先使用后付费"
)
PATENTS = (
    "CN202010000001.{a},一种陶瓷涂覆锂电池隔膜及其制备方法,云麓理工大学,"
    "河南省郑州市高新技术产业开发区科学大道1号,"
    "在聚乙烯基膜表面涂覆氧化铝陶瓷层；锂电池隔膜在180℃下热收缩率低于3%。,"
    "H01M50/446,2020-03-05,有效,6,普通许可,许可,是",
    "CN201910000002.{b},一种大功率LED散热器,云麓理工大学,河南省郑州市金水区文化路2号,"
    "采用微通道铝基板降低LED结温；散热效率高。,F21V29/00,2019-06-01,失效,4,独占许可,转让,否",
    "CN202110000003.{c},一种污水处理用生物膜反应器,江陵工业大学,江苏省南京市江北新区浦滨路3号,"
    "用悬浮填料生物膜降解污水中的氨氮。,C02F3/10,2021-09-09,有效,,,,",
)
NEEDS = (
    {
        "id": "N1", "title": "提高锂电池隔膜的耐热性", "company": "青屿新能源有限公司",
        "content": "锂电池隔膜高温收缩大；希望热收缩率低。", "region": "410100",
    },
    {
        "id": "N2", "title": "印染污水的氨氮处理", "company": "白榆印染有限公司",
        "content": "印染污水氨氮超标；需要生物膜一类的处理方法。", "region": "320500",
    },
)  # fmt: skip
WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)


def check(number: str) -> str:
    """The check digit of a twelve-digit application number."""
    left = sum(int(d) * w for d, w in zip(number, WEIGHTS, strict=True)) % 11
    return "X" if left == 10 else str(left)


def patents_csv() -> str:
    """The list of patents with true check digits."""
    numbers = ("202010000001", "201910000002", "202110000003")
    digits = dict(zip("abc", map(check, numbers), strict=True))
    return "\n".join([HEADERS, *PATENTS, ""]).format(**digits)


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Errors we did not foresee fail the test; nothing is written into the repository."""
    monkeypatch.setenv("PATMATCH_DEBUG", "1")
    monkeypatch.delenv("PATMATCH_HOME", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.chdir(tmp_path)


def typed(*words: object) -> Result:
    """What `patmatch WORDS` says."""
    return CliRunner().invoke(app, [str(word) for word in words], prog_name="patmatch")


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A list of three patents and one of two needs."""
    folder = tmp_path_factory.mktemp("lists")
    patents, needs = folder / "patents.csv", folder / "needs.jsonl"
    patents.write_text(patents_csv(), "utf-8")
    lines = [json.dumps(need, ensure_ascii=False) for need in NEEDS]
    needs.write_text("\n".join(lines) + "\n", "utf-8")
    return patents, needs


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, files: tuple[Path, Path]) -> Path:
    """A home that holds both lists; nobody changes it."""
    folder = tmp_path_factory.mktemp("cli") / "home"
    assert typed("--home", folder, "patents", "add", files[0]).exit_code == 0
    assert typed("--home", folder, "needs", "add", files[1]).exit_code == 0
    return folder


@pytest.fixture(name="typed", scope="session")
def _typed() -> Type:
    """Types a command at no home in particular."""
    return typed


@pytest.fixture(name="type")
def _type(home: Path) -> Type:
    """Types a command at the home."""
    return lambda *words: typed("--home", home, *words)
