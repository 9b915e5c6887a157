"""A chance in words: 「很可能(76%)」."""

WORDS = (
    (0.05, "几乎不可能"), (0.2, "不太可能"), (0.4, "有可能"), (0.6, "可能"), (0.9, "很可能"),
)  # fmt: skip
SURE = "非常可能"


def in_words(chance: float) -> str:
    """0-1 to a word that people agree on."""
    return next((word for edge, word in WORDS if chance < edge), SURE)


def per_cent(chance: float) -> str:
    """`76%`; never 0% or 100%, which nobody knows."""
    shown = round(100 * chance)
    return "<1%" if shown < 1 else ">99%" if shown > 99 else f"{shown}%"


def told(chance: float) -> str:
    """`很可能(76%)`."""
    return f"{in_words(chance)}({per_cent(chance)})"
