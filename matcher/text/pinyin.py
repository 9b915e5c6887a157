"""Sorting as in China."""


def pinyin(text: str) -> bytes:
    """A key to sort by: the 3,755 common characters of GB 2312 stand in order of their pinyin,
    rarer ones after them, digits and Latin letters before."""
    return text.encode("gb18030", "replace")
