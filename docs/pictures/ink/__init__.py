"""What the pictures share: a home with the sample in it, and SVG by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from matcher import Matcher

HERE = Path(__file__).resolve().parents[1]
SAMPLE = HERE.parents[1] / "data" / "sample"
PATENTS = (
    "gazette_patents.csv",
    "incopat_export.xlsx",
    "patsnap_export.xlsx",
    "transfer_sheet.xls",
)
NEEDS = ("needs_form.xlsx", "needs_more.jsonl")
SANS = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
MONO = f"ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',{SANS}"
TEAL, INK, GREY, RULE, PAPER = "#0f766e", "#1f2933", "#5b6470", "#c9d1d6", "#ffffff"
LIMIT = 200_000


@contextmanager
def sample() -> Iterator[Matcher]:
    """A matcher over the sample, in a home that is gone afterwards."""
    with TemporaryDirectory() as home, Matcher.open(home) as matcher:
        matcher.add_patents([SAMPLE / name for name in PATENTS])
        matcher.add_needs([SAMPLE / name for name in NEEDS])
        yield matcher


def text(x: float, y: float, words: str, **style: object) -> str:
    """One line of text; `fill`, `size`, `weight`, `anchor` and `length` (its forced width)."""
    names = {"size": "font-size", "weight": "font-weight", "anchor": "text-anchor",
             "length": "textLength", "family": "font-family"}  # fmt: skip
    given = {names.get(key, key): value for key, value in style.items() if value is not None}
    if "textLength" in given:
        given["lengthAdjust"] = "spacing"
    listed = "".join(f' {key}="{escape(_number(value))}"' for key, value in given.items())
    return f'<text x="{_number(x)}" y="{_number(y)}"{listed}>{escape(words)}</text>'


def rect(x: float, y: float, width: float, height: float, **style: object) -> str:
    """A rectangle; any SVG attribute, with _ for -."""
    listed = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in style.items())
    box = (x, y, width, height)
    return '<rect x="{}" y="{}" width="{}" height="{}"{}/>'.format(*map(_number, box), listed)


def save(name: str, size: tuple[float, float], title: str, marks: list[str]) -> None:
    """Write `name`.svg beside the scripts; small enough for a page."""
    width, height = map(_number, size)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="{SANS}" font-size="13" fill="{INK}" '
        f'role="img" xml:space="preserve">\n<title>{escape(title)}</title>'
    )
    drawn = "\n".join([head, *marks, "</svg>", ""])
    if len(drawn.encode()) > LIMIT:
        raise ValueError(f"{name}.svg is larger than {LIMIT} bytes")
    (HERE / f"{name}.svg").write_text(drawn, "utf-8", newline="\n")


def _number(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
