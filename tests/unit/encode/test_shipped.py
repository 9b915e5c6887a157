import hashlib
from pathlib import Path

import pytest

from matcher.encode.e5 import MODEL, VOCABULARY, E5Encoder
from matcher.encode.shipped import checked, models_dir, stamp
from matcher.errors import ModelBroken

MANIFEST = '[[model]]\nname = "m"\n[[model.file]]\nname = "m.bin"\nsha256 = ""\nbytes = 0\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "manifest.toml").write_text(MANIFEST, "utf-8")
    (tmp_path / "m.bin").write_bytes(b"weights")
    return tmp_path


def test_a_stamped_file_is_read_back(folder: Path) -> None:
    digest = hashlib.sha256(b"weights").hexdigest()
    assert stamp(folder, "m.bin") == f'name = "m.bin"\nsha256 = "{digest}"\nbytes = 7\n'
    assert checked(folder, "m.bin") == b"weights"
    stamp(folder, "m.bin")
    assert (folder / "manifest.toml").read_text("utf-8").count(digest) == 1


def test_an_altered_file_is_refused(folder: Path) -> None:
    stamp(folder, "m.bin")
    (folder / "m.bin").write_bytes(b"weightz")
    with pytest.raises(ModelBroken, match=r"m\.bin 与清单不符") as caught:
        checked(folder, "m.bin")
    assert caught.value.details["found"] == hashlib.sha256(b"weightz").hexdigest()


def test_an_unstamped_unnamed_or_missing_file_is_refused(folder: Path) -> None:
    with pytest.raises(ModelBroken, match=r"没有列出 m\.bin"):
        checked(folder, "m.bin")
    with pytest.raises(ModelBroken, match=r"没有列出 other\.bin"):
        checked(folder, "other.bin")
    stamp(folder, "m.bin")
    (folder / "m.bin").unlink()
    with pytest.raises(ModelBroken, match=r"m\.bin 打不开"):
        checked(folder, "m.bin")


@pytest.mark.parametrize("text", ["not toml [", "", "[model]\nfile = 3\n"])
def test_a_broken_manifest_is_refused(folder: Path, text: str) -> None:
    (folder / "manifest.toml").write_text(text, "utf-8")
    with pytest.raises(ModelBroken, match="模型清单"):
        checked(folder, "m.bin")


def test_stamping_an_unknown_file_changes_nothing(folder: Path) -> None:
    (folder / "other.bin").write_bytes(b"x")
    with pytest.raises(ValueError, match=r"0 entries of other\.bin"):
        stamp(folder, "other.bin")
    assert (folder / "manifest.toml").read_text("utf-8") == MANIFEST


def test_the_environment_names_the_models_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATMATCH_MODELS", str(folder))
    assert models_dir() == folder
    monkeypatch.setenv("PATMATCH_MODELS", str(folder / "none"))
    with pytest.raises(ModelBroken, match="找不到随软件提供的模型文件"):
        models_dir()


def test_the_shipped_encoder_fits_its_manifest_and_forty_megabytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("PATMATCH_MODELS", raising=False)
    sizes = [len(checked(models_dir(), name)) for name in (MODEL, VOCABULARY)]
    assert sum(sizes) <= 40_000_000


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("{}", VOCABULARY),
        ("[]", VOCABULARY),
        ('{"pieces": [], "scores": [], "normal": []}', VOCABULARY),
        ('{"pieces": ["a"], "scores": [0.0], "normal": {}}', MODEL),
    ],
)
def test_a_file_that_is_no_model_is_refused_by_name(tmp_path: Path, words: str, named: str) -> None:
    rows = [
        f'[[model.file]]\nname = "{name}"\nsha256 = ""\nbytes = 0\n' for name in (MODEL, VOCABULARY)
    ]
    (tmp_path / "manifest.toml").write_text("[[model]]\n" + "".join(rows), "utf-8")
    (tmp_path / MODEL).write_bytes(b"no onnx")
    (tmp_path / VOCABULARY).write_text(words, "utf-8")
    stamp(tmp_path, MODEL)
    stamp(tmp_path, VOCABULARY)
    with pytest.raises(ModelBroken, match="无法加载") as caught:
        E5Encoder.open(tmp_path)
    assert caught.value.details["file"] == named
