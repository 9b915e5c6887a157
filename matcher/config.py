"""Settings as data: frozen dataclasses, read from `patmatch.toml` in the home and overridden by
environment variables `PATMATCH_<SECTION>_<NAME>`.  Nothing is read at import."""

import math
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from matcher.errors import BadSetting

EncoderKind = Literal["e5", "sentence", "tfidf"]
IndexKind = Literal["exact", "flat", "int8"]
WorkerPlace = Literal["beside", "apart", "none"]
Mode = Literal["development", "production"]
Reach = Literal["public", "any"]
MailSecurity = Literal["starttls", "tls", "none"]
FILE_NAME = "patmatch.toml"


@dataclass(frozen=True, slots=True)
class EncoderSettings:
    """Which encoder turns text into vectors.  `name` is a hub name or folder for `sentence`, a
    folder for `tfidf`; `threads` 0 means every core."""

    kind: EncoderKind = "e5"
    name: str = ""
    threads: int = 0


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """`exact` is numpy, `flat` FAISS with the same answers, `int8` a quarter of the memory with
    a stated recall."""

    kind: IndexKind = "flat"


@dataclass(frozen=True, slots=True)
class MatchSettings:
    """Weights of the parts in points, and how many candidates each side first names.

    `meaning_low` is the cosine that earns no point, `meaning_high` the one that earns all.
    The first `ranked` candidates are graded by the ranker.  When none of them has a chance of
    `no_match` or more of grade 3 or 4, the answer is that there is no suitable patent; precision
    and recall of that bound are in models/cards/ranker.md."""

    meaning: float = 30.0
    words: float = 15.0
    characters: float = 55.0
    meaning_low: float = 0.84
    meaning_high: float = 0.94
    candidates: int = 200
    ranked: int = 200
    no_match: float = 0.15


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """How `patmatch serve` serves, and in how many processes.  `secret` is the key under which
    tokens are kept, of 32 characters or more in production; another one ends all sessions, keys
    and invitations.
    After `tries` wrong passwords in a row an address is locked for `lock_minutes`.  A `worker`
    runs beside it, apart, or there is none; one that gave no sign for `silence` seconds counts as
    gone.  `address` is where people reach it, for links in letters.  `hooks` names where webhooks
    may go: public addresses, or any, for an installation inside one network.  With a
    `metrics_token` Prometheus may read figures."""

    mode: Mode = "development"
    host: str = "127.0.0.1"
    port: int = 8000
    processes: int = 1
    secret: str = field(default="", repr=False)
    session_hours: int = 12
    tries: int = 5
    lock_minutes: int = 15
    body_kib: int = 1024
    upload_mib: int = 20
    worker: WorkerPlace = "beside"
    silence: float = 20.0
    address: str = "http://127.0.0.1:8000"
    hooks: Reach = "public"
    metrics_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The server that letters go through; with no `host` they are printed to the console.  A
    person gets one digest in `digest_minutes` at most."""

    host: str = ""
    port: int = 587
    security: MailSecurity = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = "patmatch@localhost"
    digest_minutes: int = 60


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one home."""

    encoder: EncoderSettings = EncoderSettings()
    index: IndexSettings = IndexSettings()
    match: MatchSettings = MatchSettings()
    service: ServiceSettings = ServiceSettings()
    mail: MailSettings = MailSettings()
    database: str = ""


def default_home() -> Path:
    """`PATMATCH_HOME`, else the platform's data folder."""
    named = os.environ.get("PATMATCH_HOME")
    if named:
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_data_dir("patmatch", appauthor=False))


def load_settings(home: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """The home's settings file, overridden by the environment.

    :raises BadSetting: a name or value that is not known, with the ones that are."""
    environ = os.environ if environ is None else environ
    path = home / FILE_NAME
    try:
        data = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadSetting(f"设置文件 {path} 读不懂:{error}。请按说明书改正后再试。") from error
    written = data.pop("database", "")
    settings = Settings(database=str(environ.get("PATMATCH_DATABASE", written)))
    for section in ("encoder", "index", "match", "service", "mail"):
        given = data.pop(section, {})
        if not isinstance(given, dict):
            raise BadSetting(f"设置文件 {path} 中的 {section} 应写成一节:[{section}]。")
        current = getattr(settings, section)
        for item in fields(current):
            variable = f"PATMATCH_{section}_{item.name}".upper()
            if variable in environ:
                given[item.name] = environ[variable]
        settings = replace(settings, **{section: _fill(section, current, given)})
    if data:
        raise BadSetting(f"设置文件 {path} 中有不认识的部分:{'、'.join(sorted(data))}。")
    if settings.match.meaning_low >= settings.match.meaning_high:
        raise BadSetting("设置 match.meaning_low 必须小于 match.meaning_high。")
    return settings


def _fill(section: str, current: Any, given: Mapping[str, object]) -> Any:
    """`current` with the given values, each checked against its annotation."""
    types = get_type_hints(type(current))
    unknown = sorted(set(given) - set(types))
    if unknown:
        known = "、".join(types)
        raise BadSetting(f"设置 [{section}] 中不认识 {'、'.join(unknown)}。可用的有:{known}。")
    checked = {name: _value(section, name, types[name], value) for name, value in given.items()}
    return replace(current, **checked)


def _value(section: str, name: str, wanted: Any, value: object) -> object:
    if get_origin(wanted) is Literal:
        if value in get_args(wanted):
            return value
        choices = "、".join(get_args(wanted))
        raise BadSetting(f"设置 {section}.{name} 不能是“{value}”。可选:{choices}。")
    if wanted is str:
        return str(value)
    try:
        number = float(str(value))
        if not 0 <= number < math.inf or wanted(number) != number:
            raise ValueError
    except ValueError as error:
        kind = "不小于 0 的整数" if wanted is int else "不小于 0 的数"
        raise BadSetting(f"设置 {section}.{name} 不能是“{value}”,应是{kind}。") from error
    return wanted(number)
