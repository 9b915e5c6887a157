"""Text files: told apart by how they begin, then read as what they are."""

import re

from matcher.errors import UnreadableFile
from matcher.ingest.decode import decode
from matcher.ingest.delimited import read_delimited
from matcher.ingest.dumps import is_cnki, is_gazette, read_cnki, read_gazette
from matcher.ingest.markup import read_markup
from matcher.ingest.objects import read_objects
from matcher.ingest.tables import Table

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd]")


def read_text(data: bytes, name: str) -> list[Table]:
    """JSON, JSONL, HTML or XML spreadsheets, vendors' text dumps, else delimited text.

    :raises UnreadableFile: the bytes are no text, or broken JSON throughout."""
    text, notes = decode(data)
    sample = text[:20000]
    if len(_CONTROL.findall(sample)) > max(3, len(sample) // 20):
        raise UnreadableFile(
            f"“{name}”不是文本,也不是我们认识的表格文件。请提供 Excel、CSV 或 JSONL 文件。",
            path=name,
        )
    start = text.lstrip()[:4000]
    if start.startswith(("{", "[{", "[ ")) or re.match(r"\[\s*[{\]]", start):
        return read_objects(text, name, notes)
    if start.startswith("<") and not is_gazette(start):
        return read_markup(text, name, notes)
    if is_gazette(start):
        return [read_gazette(text, name, notes)]
    if is_cnki(start):
        return [read_cnki(text, name, notes)]
    table = read_delimited(text, name, notes)
    return [table] if table.rows else []
