"""The rankers of a home: all are kept, one is in force."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from matcher.errors import ModelBroken, UnknownId
from matcher.rank.own import Rankers


def named(content: bytes) -> str:
    return sha256(content).hexdigest()[:12]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "rankers"


def aged(folder: Path, name: str, seconds: int) -> None:
    """As if the file had been written that long after the first of all days."""
    os.utime(folder / f"{name}.safetensors", (seconds, seconds))


def test_a_home_without_one_has_the_shipped_one_and_stays_empty(folder: Path) -> None:
    assert Rankers(folder).read() is None
    assert (Rankers(folder).in_force(), Rankers(folder).kept(), folder.exists()) == ("", [], False)


def test_what_is_kept_is_in_force_and_read_back(folder: Path) -> None:
    assert Rankers(folder).keep(b"one") == named(b"one") == Rankers(folder).in_force()
    assert Rankers(folder).read() == b"one"
    assert Rankers(folder).keep(b"two") == named(b"two") == Rankers(folder).in_force()
    assert Rankers(folder).read() == b"two"
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["CURRENT", f"{named(b'one')}.safetensors", f"{named(b'two')}.safetensors"]
    )


def test_all_are_listed_oldest_first(folder: Path) -> None:
    names = [Rankers(folder).keep(content) for content in (b"a", b"b", b"c")]
    for seconds, name in enumerate(names):
        aged(folder, name, 3000 - 1000 * seconds)
    assert Rankers(folder).kept() == names[::-1]


def test_an_earlier_one_and_the_shipped_one_can_be_chosen(folder: Path) -> None:
    old, new = Rankers(folder).keep(b"old"), Rankers(folder).keep(b"new")
    Rankers(folder).choose(old)
    assert (Rankers(folder).in_force(), Rankers(folder).read()) == (old, b"old")
    Rankers(folder).choose("")
    assert (Rankers(folder).in_force(), Rankers(folder).read()) == ("", None)
    assert set(Rankers(folder).kept()) == {old, new}
    Rankers(folder).choose(new)
    assert Rankers(folder).read() == b"new"


def test_the_shipped_one_can_be_chosen_where_nothing_is_kept(folder: Path) -> None:
    Rankers(folder).choose("")
    assert Rankers(folder).read() is None


def test_a_name_that_is_not_kept_is_refused_and_changes_nothing(folder: Path) -> None:
    with pytest.raises(UnknownId, match=r"没有名为“甲”的排序模型。已保存的有:没有。"):
        Rankers(folder).choose("甲")
    name = Rankers(folder).keep(b"one")
    for wrong in ("甲", "CURRENT", f"../rankers/{name}", name[:6]):
        with pytest.raises(UnknownId, match=rf"已保存的有:{name}。"):
            Rankers(folder).choose(wrong)
    assert Rankers(folder).read() == b"one"


def test_a_crash_before_the_switch_leaves_the_old_one_in_force(folder: Path) -> None:
    old = Rankers(folder).keep(b"old")
    new = named(b"new")
    (folder / f"{new}.safetensors").write_bytes(b"new")
    (folder / "CURRENT.4711.new").write_text(new)
    (folder / f"{named(b'third')}.safetensors.4711.new").write_bytes(b"thi")
    assert (Rankers(folder).in_force(), Rankers(folder).read()) == (old, b"old")
    assert set(Rankers(folder).kept()) == {old, new}
    assert Rankers(folder).keep(b"new") == new
    assert Rankers(folder).read() == b"new"


def test_a_write_that_fails_leaves_the_old_one_in_force(folder: Path) -> None:
    old = Rankers(folder).keep(b"old")
    (folder / f"{named(b'new')}.safetensors").mkdir()
    with pytest.raises(OSError):
        Rankers(folder).keep(b"new")
    assert (Rankers(folder).in_force(), Rankers(folder).read()) == (old, b"old")


@pytest.mark.parametrize("content", [b"", b"onf", b"one ", b"two"])
def test_an_altered_file_is_refused(folder: Path, content: bytes) -> None:
    name = Rankers(folder).keep(b"one")
    (folder / f"{name}.safetensors").write_bytes(content)
    with pytest.raises(ModelBroken, match=f"本机训练的排序模型 {name} 缺失或被改动过") as caught:
        Rankers(folder).read()
    assert "您的专利和需求数据不受影响" in caught.value.message
    assert caught.value.details == {"file": name}


def test_a_missing_file_is_refused_and_the_way_back_is_open(folder: Path) -> None:
    name = Rankers(folder).keep(b"one")
    (folder / f"{name}.safetensors").unlink()
    with pytest.raises(ModelBroken, match="patmatch rank restore"):
        Rankers(folder).read()
    Rankers(folder).choose("")
    assert Rankers(folder).read() is None


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x00", b"../../etc/passwd", "甲".encode()])
def test_a_damaged_current_is_refused_and_the_way_back_is_open(
    folder: Path, content: bytes
) -> None:
    Rankers(folder).keep(b"one")
    (folder / "CURRENT").write_bytes(content)
    with pytest.raises(ModelBroken, match="您的专利和需求数据不受影响"):
        Rankers(folder).read()
    Rankers(folder).choose("")
    assert Rankers(folder).read() is None


def test_a_current_of_blanks_means_the_shipped_one(folder: Path) -> None:
    Rankers(folder).keep(b"one")
    (folder / "CURRENT").write_text(" \n", "utf-8")
    assert (Rankers(folder).in_force(), Rankers(folder).read()) == ("", None)


def test_a_current_that_cannot_be_read_is_not_taken_for_the_shipped_one(folder: Path) -> None:
    Rankers(folder).keep(b"one")
    (folder / "CURRENT").unlink()
    (folder / "CURRENT").mkdir()
    for ask in (Rankers(folder).in_force, Rankers(folder).read):
        with pytest.raises(ModelBroken, match="请检查该文件的权限后再试"):
            ask()
