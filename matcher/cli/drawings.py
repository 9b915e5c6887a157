"""match --picture: the way from the start to the grade, a file a match."""

from collections.abc import Sequence
from pathlib import Path

from matcher.errors import BadInput
from matcher.explain.drawing import Drawing
from matcher.export.write import replacing

KINDS = (".svg", ".png")


def drawable(path: Path) -> None:
    """Before anything is asked.  :raises BadInput: another suffix, or no such folder."""
    if path.suffix.lower() not in KINDS:
        raise BadInput(
            f"不认识图片格式“{path.suffix or path.name}”。请用 {' 或 '.join(KINDS)} 作扩展名。"
        )
    if not path.parent.is_dir():
        raise BadInput(f"文件夹 {path.parent} 不存在。请先建好,或换一个位置。")


def draw(path: Path, drawings: Sequence[Drawing]) -> list[Path]:
    """`图.svg`, `图-2.svg`, …: one each, best first.

    :raises MissingExtra: PNG without its library or a Chinese font."""
    written = []
    for rank, drawing in enumerate(drawings, start=1):
        target = path if rank == 1 else path.with_name(f"{path.stem}-{rank}{path.suffix}")
        content = _content(drawing, target)
        with replacing(target) as part:
            part.write_bytes(content)
        written.append(target)
    return written


def told(written: Sequence[Path]) -> str:
    """What was written, in a sentence."""
    if not written:
        return "没有匹配,没有画图。"
    if len(written) == 1:
        return f"图已画好:{written[0]}。"
    return f"图已画好,每项一张:{written[0]} 到 {written[-1].name},共 {len(written)} 张。"


def _content(drawing: Drawing, target: Path) -> bytes:
    return drawing.svg().encode() if target.suffix.lower() == ".svg" else drawing.png()
