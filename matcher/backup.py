"""A home saved as one file while others write, and put back elsewhere: the records, people and all
else in the database, rankers, and files that wait.  Vectors and index are made anew."""

import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath

from matcher.errors import BadInput, UnreadableFile
from matcher.export.write import replacing
from matcher.store.dump import TAKEN, restored
from matcher.store.sql import SqlStore, address
from matcher.store.tables import HEAD

FORMAT = "patmatch-backup-1"
FOLDERS = ("rankers", "incoming", "returned", "exports")
STEP = 1 << 20
DAMAGED = "这份备份已损坏或不完整({name} 对不上),没有恢复。请用另一份备份。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a file in the backup must be."""

    sha256: str
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What stands in a backup; `content` is the digest of all that the database holds."""

    format: str
    version: str
    schema: str
    made_at: str
    content: str
    parts: dict[str, Part]


def save(store: SqlStore, home: Path, path: Path, version: str = "") -> Manifest:
    """Write a backup of one moment by this version of ours; only its owner may read the file.

    :raises BadInput: a place that cannot be written to."""
    parts: dict[str, Part] = {}
    with replacing(path) as draft:
        os.chmod(draft, 0o600)
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as packed:
            with store.dump.moment() as moment:
                for name, lines in moment.tables():
                    parts[f"tables/{name}.jsonl"] = _packed(packed, f"tables/{name}.jsonl", lines)
            for folder in FOLDERS:
                for file in sorted((home / folder).rglob("*")):
                    if file.is_file() and not file.is_symlink():
                        name = f"home/{file.relative_to(home).as_posix()}"
                        parts[name] = _packed(packed, name, _blocks(file))
            made_at = datetime.now(UTC).astimezone().isoformat(timespec="seconds")
            manifest = Manifest(
                format=FORMAT, version=version, schema=HEAD, made_at=made_at,
                content=_content(parts), parts=parts,
            )  # fmt: skip
            packed.writestr("manifest.json", json.dumps(asdict(manifest), indent=1))
    return manifest


def restore(path: Path, home: Path, database: str) -> Manifest:
    """Put a backup into an empty home (and database); what was put is read back and compared.

    :raises UnreadableFile: not a whole backup.  :raises BadInput: the home is not empty."""
    try:
        with zipfile.ZipFile(path) as packed:
            manifest = _manifest(packed)
            _check(packed, manifest)
            if any((home / folder).exists() for folder in FOLDERS):
                raise BadInput(TAKEN)
            home.mkdir(parents=True, exist_ok=True)
            url = address(home, database)
            tables = [name for name in manifest.parts if name.startswith("tables/")]
            told = ((PurePosixPath(name).stem, _lines(packed, name)) for name in tables)
            restored(url, manifest.schema, told)
            for name in manifest.parts:
                if name.startswith("home/"):
                    _unpack(packed, name, home)
    except (zipfile.BadZipFile, OSError) as error:
        raise UnreadableFile(DAMAGED.format(name=path.name), path=str(path)) from error
    if manifest.schema == HEAD and content_of(url) != manifest.content:
        raise UnreadableFile(DAMAGED.format(name="恢复后的内容"), path=str(path))
    return manifest


def content_of(url: str) -> str:
    """The digest of all that a database holds: equal for equal contents, on any database."""
    store = SqlStore.open(url)
    try:
        with store.dump.moment() as moment:
            return _content({
                f"tables/{name}.jsonl": _told(lines) for name, lines in moment.tables()
            })  # fmt: skip
    finally:
        store.close()


def _content(parts: dict[str, Part]) -> str:
    held = [(name, part.sha256) for name, part in sorted(parts.items()) if name[0] == "t"]
    return sha256(json.dumps(held).encode()).hexdigest()


def _told(blocks: Iterator[bytes]) -> Part:
    digest, count = sha256(), 0
    for block in blocks:
        digest.update(block)
        count += 1
    return Part(sha256=digest.hexdigest(), lines=count)


def _packed(packed: zipfile.ZipFile, name: str, blocks: Iterator[bytes]) -> Part:
    with packed.open(name, "w", force_zip64=True) as member:

        def passing() -> Iterator[bytes]:
            for block in blocks:
                member.write(block)
                yield block

        return _told(passing())


def _blocks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while block := stream.read(STEP):
            yield block


def _manifest(packed: zipfile.ZipFile) -> Manifest:
    try:
        data = json.loads(packed.read("manifest.json"))
        parts = {name: Part(**part) for name, part in data.pop("parts").items()}
        manifest = Manifest(**data, parts=parts)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableFile("这不是本系统的备份,没有恢复。请核对文件。") from error
    if manifest.format != FORMAT or manifest.schema > HEAD:
        raise UnreadableFile("这份备份来自更新的版本,没有恢复。请先升级本软件。")
    return manifest


def _check(packed: zipfile.ZipFile, manifest: Manifest) -> None:
    """Everything is there and as it was."""
    there = set(packed.namelist()) - {"manifest.json"}
    for name in sorted(there ^ set(manifest.parts)):
        raise UnreadableFile(DAMAGED.format(name=name))
    for name, part in manifest.parts.items():
        if _told(_pieces(packed, name)).sha256 != part.sha256:
            raise UnreadableFile(DAMAGED.format(name=name))


def _pieces(packed: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with packed.open(name) as member:
        while block := member.read(STEP):
            yield block


def _lines(packed: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with packed.open(name) as member:
        yield from member


def _unpack(packed: zipfile.ZipFile, name: str, home: Path) -> None:
    """:raises UnreadableFile: a name that leads out of the home."""
    parts = PurePosixPath(name).parts[1:]
    if not parts or parts[0] not in FOLDERS or ".." in parts:
        raise UnreadableFile(DAMAGED.format(name=name))
    path = home.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for block in _pieces(packed, name):
            file.write(block)
