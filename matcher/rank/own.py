"""The rankers that a home has learned: every one is kept, one is in force.

home/rankers/CURRENT              the name of the one in force, blank for the shipped one
home/rankers/<name>.safetensors   named by its content, so an altered file is refused"""

import os
from hashlib import sha256
from pathlib import Path

from matcher.errors import ModelBroken, UnknownId

CURRENT = "CURRENT"
SUFFIX = ".safetensors"


def own_ranker(folder: Path) -> bytes | None:
    """The ranker in force, or None when the home has none of its own.

    :raises ModelBroken: its file is missing or altered."""
    name = in_force(folder)
    if not name:
        return None
    try:
        content = (folder / f"{name}{SUFFIX}").read_bytes()
    except (OSError, ValueError):
        content = b""
    if _name(content) != name:
        raise ModelBroken(
            f"本机训练的排序模型 {name} 缺失或被改动过;您的专利和需求数据不受影响。"
            "请运行 patmatch rank restore 换回上一个或随软件提供的模型。",
            file=name,
        )
    return content


def in_force(folder: Path) -> str:
    """The name of the ranker in force, blank for the shipped one.

    :raises ModelBroken: it is noted, but cannot be read."""
    try:
        return (folder / CURRENT).read_bytes().decode("utf-8", "replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        raise ModelBroken(
            f"读不到本机在用哪个排序模型({folder / CURRENT}:{error.strerror});"
            "您的专利和需求数据不受影响。请检查该文件的权限后再试。",
            file=CURRENT,
        ) from error


def keep(folder: Path, content: bytes) -> str:
    """Keep a ranker and put it in force; its name.  A crash leaves the old one in force."""
    folder.mkdir(parents=True, exist_ok=True)
    name = _name(content)
    _replace(folder / f"{name}{SUFFIX}", content)
    choose(folder, name)
    return name


def choose(folder: Path, name: str) -> None:
    """Put a kept ranker in force, or with a blank name the shipped one.

    :raises UnknownId: there is none of that name."""
    if name and name not in kept(folder):
        held = "、".join(kept(folder)) or "没有"
        raise UnknownId(f"没有名为“{name}”的排序模型。已保存的有:{held}。")
    folder.mkdir(parents=True, exist_ok=True)
    _replace(folder / CURRENT, name.encode())


def kept(folder: Path) -> list[str]:
    """The names of all that are kept, oldest first."""
    files = sorted(folder.glob(f"*{SUFFIX}"), key=lambda file: (file.stat().st_mtime_ns, file.name))
    return [file.stem for file in files]


def _name(content: bytes) -> str:
    return sha256(content).hexdigest()[:12]


def _replace(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
