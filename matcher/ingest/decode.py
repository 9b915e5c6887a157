"""Bytes to text, whatever a Chinese office saved them as."""

import codecs

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Text without BOM and NUL, and notes in Chinese about what had to be guessed.

    Tried in turn: a BOM, UTF-16 without one, UTF-8, GB18030; a file that is none of them
    throughout is read line by line, each line in the encoding that fits it."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            text = data[len(bom) :].decode(name, errors="replace")
            return _clean(text), _damage(text)
    if (wide := _bare_utf16(data)) is not None:
        text = data.decode(wide, errors="replace")
        return _clean(text), _damage(text)
    for name in ("utf-8", "gb18030"):
        try:
            return _clean(data.decode(name)), ()
        except UnicodeDecodeError:
            continue
    text = "\n".join(_line(line) for line in data.split(b"\n"))
    note = "文件里混有不同的文字编码,已逐行识别,请留意是否有乱码。"
    return _clean(text), (note, *_damage(text))


def _clean(text: str) -> str:
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text.removeprefix("\ufeff")


def _damage(text: str) -> tuple[str, ...]:
    count = text.count("\ufffd")
    return (f"有 {count} 个字符无法识别,已用“�”代替。",) if count else ()


def _bare_utf16(data: bytes) -> str | None:
    """UTF-16 without BOM shows in the zero bytes of ASCII, all on one side; stray NULs in UTF-8
    are few, and the rest of such a file is valid UTF-8."""
    sample = data[:65536]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if even + odd < max(2, len(sample) // 50) or (even < 3 * odd and odd < 3 * even):
        return None
    if 4 * (even + odd) < len(sample) and _is_utf8(sample):
        return None
    line_end = b"\n\x00" if odd > even else b"\x00\n"
    if sample.count(line_end) * 2 < sample.count(b"\n"):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        loose = line.decode("utf-8", errors="replace")
    beyond = sum(char > "\x7f" for char in loose)
    if loose.count("\ufffd") * 10 <= beyond:
        return loose
    return line.decode("gb18030", errors="replace")
