"""Finds the model files that travel with the library, and refuses altered ones.

`manifest.toml` holds one `[[model]]` a model and in it one `[[model.file]]` a file with `name`,
`sha256` and `bytes`.
"""

import hashlib
import os
import re
import tomllib
from pathlib import Path
from typing import Any

from matcher.errors import ModelBroken

MANIFEST = "manifest.toml"


def models_dir() -> Path:
    """`PATMATCH_MODELS`, else the folder inside the installed package, else the repository's.

    :raises ModelBroken: none of them holds a manifest."""
    named = os.environ.get("PATMATCH_MODELS")
    package = Path(__file__).parents[1]
    places = [Path(named)] if named else [package / "_models", package.parent / "models"]
    for place in places:
        if (place / MANIFEST).is_file():
            return place
    looked = "、".join(map(str, places))
    raise ModelBroken(
        f"找不到随软件提供的模型文件(查找过:{looked})。您的数据没有受影响;"
        "请重新安装本软件,或用环境变量 PATMATCH_MODELS 指明模型文件夹。",
        looked=looked,
    )


def checked(folder: Path, name: str) -> bytes:
    """The bytes of one file named in the folder's manifest.

    :raises ModelBroken: the file is missing, unreadable, unnamed or not the one in the manifest."""
    entry = _entry(folder, name)
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise ModelBroken(
            f"模型文件 {folder / name} 打不开({error.strerror})。您的数据没有受影响;"
            "请重新安装本软件。",
            file=name,
        ) from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != entry["sha256"]:
        raise ModelBroken(
            f"模型文件 {folder / name} 与清单不符,可能没有下载完整或被改动过。"
            "您的数据没有受影响;请重新安装本软件。",
            file=name,
            expected=entry["sha256"],
            found=digest,
        )
    return content


def _entry(folder: Path, name: str) -> dict[str, Any]:
    """The manifest's lines on one file."""
    try:
        manifest = tomllib.loads((folder / MANIFEST).read_text("utf-8"))
        files = [file for model in manifest["model"] for file in model["file"]]
        return next(file for file in files if file["name"] == name and file["sha256"])
    except (OSError, ValueError, KeyError, TypeError, StopIteration) as error:
        raise ModelBroken(
            f"模型清单 {folder / MANIFEST} 缺失、读不懂,或者没有列出 {name}。"
            "您的数据没有受影响;请重新安装本软件。",
            file=name,
        ) from error


def stamp(folder: Path, name: str) -> str:
    """Write a file's hash and size into its `[[model.file]]` of the manifest; the lines written.

    :raises ValueError: the manifest has no such entry."""
    content = (folder / name).read_bytes()
    lines = (
        f'name = "{name}"\nsha256 = "{hashlib.sha256(content).hexdigest()}"\n'
        f"bytes = {len(content)}\n"
    )
    path = folder / MANIFEST
    old = rf'name = "{re.escape(name)}"\nsha256 = "\w*"\nbytes = \d+\n'
    text, count = re.subn(old, lines, path.read_text("utf-8"))
    if count != 1:
        raise ValueError(f"{path} holds {count} entries of {name}")
    path.write_text(text, "utf-8")
    return lines
