"""SVG to PNG, by resvg (extra `[pictures]`)."""

from functools import lru_cache

from matcher.errors import MissingExtra

_NO_LIBRARY = (
    "没有安装绘图组件,不能生成 PNG 图片。请运行 pip install 'patent-matcher[pictures]';"
    "SVG 图片不受影响,可直接用浏览器打开。"
)
_NO_FONT = (
    "本机没有中文字体,PNG 图片里的汉字会是空白。请安装一种中文字体(如 Noto Sans CJK:"
    "apt-get install fonts-noto-cjk)后再试;SVG 图片不受影响。"
)
_FAMILIES = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC",
    "Heiti SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei", "SimSun",
    "Droid Sans Fallback",
)  # fmt: skip
_PROBE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" font-family="sans-serif">'
    '<text x="4" y="30" font-size="28">{}</text></svg>'
)


def png(svg: str, *, zoom: float = 2.0) -> bytes:
    """The picture as PNG, `zoom` times as large as the SVG says.

    :raises MissingExtra: the library or a Chinese font is not installed."""
    family = _family()
    if not family:
        raise MissingExtra(_NO_FONT, extra="pictures")
    return _drawn(svg, zoom, family)


@lru_cache(maxsize=1)
def _family() -> str:
    """The first font here that writes Chinese, or nothing: without one two characters look the
    same, both blank or both one box."""
    for family in _FAMILIES:
        if _drawn(_PROBE.format("专"), 1.0, family) != _drawn(_PROBE.format("利"), 1.0, family):
            return family
    return ""


def _drawn(svg: str, zoom: float, family: str) -> bytes:
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise MissingExtra(_NO_LIBRARY, extra="pictures") from None
    return svg_to_bytes(svg_string=svg, zoom=zoom, sans_serif_family=family, languages=["zh-CN"])
