"""Settings: defaults, the home's file, the environment, and what is refused."""

from pathlib import Path

import pytest

from matcher.config import (
    EncoderSettings,
    IndexSettings,
    Settings,
    default_home,
    load_settings,
)
from matcher.errors import BadSetting

FILE = """
database = "postgresql+psycopg://centre@db/patmatch"

[encoder]
kind = "sentence"
name = "intfloat/multilingual-e5-base"

[index]
kind = "int8"

[match]
words = 30
candidates = 400
"""


def home_with(folder: Path, text: str) -> Path:
    (folder / "patmatch.toml").write_text(text, "utf-8")
    return folder


def test_a_home_without_a_file_has_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {}) == Settings()
    assert load_settings(tmp_path / "not there", {}) == Settings()


def test_the_file_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    found = load_settings(home_with(tmp_path, FILE), {})
    assert found.database == "postgresql+psycopg://centre@db/patmatch"
    assert found.encoder == EncoderSettings("sentence", "intfloat/multilingual-e5-base", 0)
    assert found.index == IndexSettings("int8")
    assert (found.match.words, found.match.candidates) == (30.0, 400)
    assert found.match.characters == Settings().match.characters


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    environ = {
        "PATMATCH_DATABASE": "sqlite:///other.db",
        "PATMATCH_ENCODER_THREADS": "2",
        "PATMATCH_INDEX_KIND": "exact",
        "PATMATCH_MATCH_WORDS": "12.5",
        "PATMATCH_HOME": "ignored here",
    }
    found = load_settings(home_with(tmp_path, FILE), environ)
    assert found.database == "sqlite:///other.db"
    assert (found.encoder.kind, found.encoder.threads) == ("sentence", 2)
    assert found.index.kind == "exact"
    assert (found.match.words, found.match.candidates) == (12.5, 400)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kind = [", "读不懂"),
        ("[server]\nport = 1", "不认识的部分:server"),
        ("encoder = 3", r"应写成一节:\[encoder\]"),
        ("[encoder]\nspeed = 1", r"\[encoder\] 中不认识 speed。可用的有:kind、name、threads"),
        ('[encoder]\nkind = "bert"', "encoder.kind 不能是“bert”。可选:e5、sentence、tfidf"),
        ("[index]\nkind = 3", "index.kind 不能是“3”。可选:exact、flat、int8"),
        ('[encoder]\nthreads = "two"', "encoder.threads 不能是“two”,应是不小于 0 的整数"),
        ("[encoder]\nthreads = 1.5", "encoder.threads 不能是“1.5”,应是不小于 0 的整数"),
        ("[encoder]\nthreads = -1", "encoder.threads 不能是“-1”,应是不小于 0 的整数"),
        ("[match]\nwords = nan", "match.words 不能是“nan”,应是不小于 0 的数"),
        ("[match]\nwords = inf", "match.words 不能是“inf”,应是不小于 0 的数"),
        ("[match]\nwords = true", "match.words 不能是“True”,应是不小于 0 的数"),
        ("[match]\nwords = [1]", r"match.words 不能是“\[1\]”,应是不小于 0 的数"),
        ("[match]\nmeaning_low = 0.95", "match.meaning_low 必须小于 match.meaning_high"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadSetting, match=message):
        load_settings(home_with(tmp_path, text), {})


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "patmatch.toml").write_bytes('database = "数据"'.encode("gb18030"))
    with pytest.raises(BadSetting, match="读不懂"):
        load_settings(tmp_path, {})


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "patmatch.toml").mkdir()
    with pytest.raises(BadSetting, match="读不懂"):
        load_settings(tmp_path, {})


def test_a_bad_variable_is_refused_by_the_name_of_its_setting(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=r"match\.words 不能是“viel”"):
        load_settings(tmp_path, {"PATMATCH_MATCH_WORDS": "viel"})


def test_the_home_is_the_one_named_or_the_platforms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATMATCH_HOME", "/srv/patmatch")
    assert default_home() == Path("/srv/patmatch")
    monkeypatch.delenv("PATMATCH_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert default_home().name == "patmatch"
