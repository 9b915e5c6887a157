"""The rankers that a home has learned: every one is kept, one is in force.

home/rankers/CURRENT              the name of the one in force, blank for the shipped one
home/rankers/<name>.safetensors   named by its content, so an altered file is refused"""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from matcher.errors import ModelBroken, UnknownId

CURRENT = "CURRENT"
SUFFIX = ".safetensors"


@dataclass(frozen=True, slots=True)
class Rankers:
    """Those of one home, in a folder that need not be there yet."""

    folder: Path

    def read(self) -> bytes | None:
        """The ranker in force, or None when it is the shipped one.

        :raises ModelBroken: its file is missing or altered."""
        name = self.in_force()
        if not name:
            return None
        try:
            content = (self.folder / f"{name}{SUFFIX}").read_bytes()
        except (OSError, ValueError):
            content = b""
        if _name(content) != name:
            raise ModelBroken(
                f"本机训练的排序模型 {name} 缺失或被改动过;您的专利和需求数据不受影响。"
                "请运行 patmatch rank restore 换回上一个或随软件提供的模型。",
                file=name,
            )
        return content

    def in_force(self) -> str:
        """The name of the ranker in force, blank for the shipped one.

        :raises ModelBroken: it is noted, but cannot be read."""
        path = self.folder / CURRENT
        try:
            return path.read_bytes().decode("utf-8", "replace").strip()
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except OSError as error:
            raise ModelBroken(
                f"读不到本机在用哪个排序模型({path}:{error.strerror});"
                "您的专利和需求数据不受影响。请检查该文件的权限后再试。",
                file=CURRENT,
            ) from error

    def keep(self, content: bytes) -> str:
        """Keep a ranker and put it in force; its name.  A crash leaves the old one in force."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = _name(content)
        _replace(self.folder / f"{name}{SUFFIX}", content)
        self.choose(name)
        return name

    def choose(self, name: str) -> None:
        """Put a kept ranker in force, or with a blank name the shipped one.

        :raises UnknownId: there is none of that name."""
        if name and name not in self.kept():
            held = "、".join(self.kept()) or "没有"
            raise UnknownId(f"没有名为“{name}”的排序模型。已保存的有:{held}。")
        self.folder.mkdir(parents=True, exist_ok=True)
        _replace(self.folder / CURRENT, name.encode())

    def kept(self) -> list[str]:
        """The names of all that are kept, oldest first."""
        files = self.folder.glob(f"*{SUFFIX}")
        ordered = sorted(files, key=lambda file: (file.stat().st_mtime_ns, file.name))
        return [file.stem for file in ordered]


def _name(content: bytes) -> str:
    return sha256(content).hexdigest()[:12]


def _replace(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
