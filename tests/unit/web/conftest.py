"""An installation of invented organisations, people and records of every level, and callers."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher, profiles
from fastapi import FastAPI
from fastapi.testclient import TestClient
from filelock import FileLock
from sqlalchemy import create_engine, text

from matcher.access.people import Organisation, Person, Role, Scope
from matcher.build import Works, make_index
from matcher.config import ServiceSettings, Settings
from matcher.encode.cached import CachedEncoder
from matcher.pages.site import with_pages
from matcher.records import Need, Party, Patent, Terms
from matcher.standing import StandingMatcher
from matcher.store.credentials import Key
from matcher.store.secret import KEY_PREFIX
from matcher.store.sql import SqlStore, sqlite_url
from matcher.web.app import create_app
from matcher.web.desk import Desk

SETTINGS = Settings(service=ServiceSettings(secret="test-" * 8))
ORGANISATIONS = (
    Organisation(id="centre", kind="centre", name="云麓理工大学技术转移中心"),
    Organisation(id="other", kind="centre", name="江陵工业大学技术转移中心"),
    Organisation(id="park", kind="park", name="云麓高新区"),
    Organisation(id="garden", kind="park", name="江陵开发区"),
    Organisation(id="company", kind="company", name="青屿新能源有限公司", park_id="park"),
    Organisation(id="state", kind="company", name="国瓷集团有限公司", state_owned=True),
    Organisation(id="bureau", kind="bureau", name="云麓市知识产权局"),
    Organisation(id="agency", kind="agency", name="知桥专利代理有限公司"),
)
TERMS = Terms(trl=6, price_min=30.0, contact="周经理 13800001111")
SECRETS = ("周经理", "13800001111", "科学大道9号", "吴工", "13900002222", "浦滨路7号")
HIDDEN = ("隐嘉大学", "隐庄材料公司", "密钥工艺", "受限配方")


def patent(id: str, level: str = "公开", **more: Any) -> Patent:
    back = level != "公开"
    coated = {"P-open": "勃姆石", "P-masked": "氮化硼"}.get(id, "")
    return Patent(
        id=id, keys=(f"A:{id}",), title=f"一种锂电池隔膜{id}", abstract="涂覆陶瓷的隔膜。",
        first_claim=f"{'密钥工艺:' if back else ''}{coated}隔膜。",
        applicants=(Party("隐嘉大学" if back else "云麓理工大学", "高校"),), kind="发明",
        address="科学大道9号", park="云麓高新区", ipc=("H01M50/44",), legal_status="有效",
        level=level, terms=TERMS, **more,
    )  # type: ignore[arg-type]  # fmt: skip


def need(id: str, level: str = "公开", **more: Any) -> Need:
    back = level != "公开"
    return Need(
        id=id, title=f"提高锂电池隔膜耐热性{id}", content="受限配方;隔膜收缩。" if back else
        "隔膜高温收缩,请联系13900002222。", company="隐庄材料公司" if back else "青屿新能源",
        keywords=("隔膜",), park="云麓高新区", address="浦滨路7号", contact="吴工 13900002222",
        level=level, **more,
    )  # type: ignore[arg-type]  # fmt: skip


PATENTS = (
    patent("P-free"), patent("P-open"), patent("P-masked", "脱敏"), patent("P-named", "授权可见"),
    patent("P-lone", "授权可见"), patent("P-never", "不入库"),
)  # fmt: skip
NEEDS = (
    need("N-free"), need("N-open"), need("N-masked", "脱敏"), need("N-named", "授权可见"),
    need("N-lone", "授权可见"), need("N-state"), need("N-never", "不入库"),
)  # fmt: skip
PEOPLE = {
    f"{organisation.id} {role}": (organisation.id, role)
    for organisation in ORGANISATIONS
    for role in ("admin", "editor", "reader")
}
KEYS = {f"centre key {scope}": scope for scope in ("read", "match", "write")}
CALLERS = ("anybody", "operator", *PEOPLE, *KEYS)


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes() -> Iterator[None]:
    """argon2 with its cheapest settings: dozens of passwords are tried here, and how they are
    hashed in earnest is held by tests/unit/store/test_secret.py."""
    cheap = PasswordHasher.from_parameters(profiles.CHEAPEST)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("matcher.store.secret._hasher", lambda: cheap)
        yield


@dataclass(frozen=True)
class World:
    """One installation; `called` gives a client that sends what this caller would."""

    matcher: StandingMatcher
    app: FastAPI
    desk: Desk

    def called(self, name: str) -> TestClient:
        client = TestClient(self.app, raise_server_exceptions=False)
        if name in KEYS:
            client.headers["Authorization"] = f"Bearer {KEY_PREFIX}{name}"
        elif name != "anybody":
            client.cookies.set("patmatch", name.replace(" ", "-"))
            token = self.desk.digest("csrf", name.replace(" ", "-"))
            client.headers["X-CSRF-Token"] = token
        return client

    def shown(self, who: str, address: str) -> str:
        """A page, which must be there for this caller."""
        answer = self.called(who).get(address)
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    def send(self, who: str, address: str, **fields: Any) -> Any:
        """What comes of a form."""
        return self.called(who).post(address, data=fields, follow_redirects=False)


@pytest.fixture
def site(fresh: World) -> World:
    """An installation with pages."""
    with_pages(fresh.app)
    return fresh


def fill(store: SqlStore, desk: Desk) -> None:
    """Organisations, people, keys, records and owners."""
    people(store, desk)
    store.put_patents(PATENTS)
    store.put_needs(NEEDS)
    mine = ["P-open", "P-masked", "P-named", "P-never"]
    store.owners.own("patents", mine, "centre", level_stated=False)
    theirs = ["N-open", "N-masked", "N-named", "N-never"]
    store.owners.own("needs", theirs, "company", level_stated=False)
    store.owners.own("needs", ["N-state"], "state", level_stated=False)
    store.owners.name("patents", "P-named", ["agency"])
    store.owners.name("needs", "N-named", ["other"])


def people(store: SqlStore, desk: Desk) -> None:
    """Organisations, a person for each role of each, an operator, and keys."""
    far = desk.now + 10_000
    for organisation in ORGANISATIONS:
        store.accounts.found(organisation)
    everyone: dict[str, tuple[str | None, Role | None]] = {"operator": (None, None)}
    everyone.update(PEOPLE)  # type: ignore[arg-type]
    for name, (organisation_id, role) in everyone.items():
        id = name.replace(" ", "-")
        person = Person(
            id=id, email=f"{id}@example.com", name=f"王{len(id)}", operator=name == "operator"
        )
        store.accounts.enrol(person, "no password fits")
        if organisation_id is not None and role is not None:
            store.accounts.join(id, organisation_id, role)
        token = desk.digest("session", id)
        store.credentials.open_session(token, id, organisation_id, now=desk.now, until=far)
    for name, scope in KEYS.items():
        scopes: frozenset[Scope] = frozenset({scope})  # type: ignore[arg-type]
        key = Key(
            id=f"k-{scope}", organisation_id="centre", person_id=None, name=name, scopes=scopes,
            made_at=desk.now, expires_at=far,
        )  # fmt: skip
        store.credentials.make_key(key, desk.digest("key", KEY_PREFIX + name))


Make = Callable[[Path, Settings], Any]


@pytest.fixture(scope="session")
def make_world(segmenter: Any, ranker: bytes, letters: Any) -> Make:
    """Opens an installation in a folder."""

    @contextmanager
    def make(home: Path, settings: Settings = SETTINGS) -> Iterator[World]:
        encoder = letters()
        home.mkdir(parents=True, exist_ok=True)
        works = Works(
            home, settings, SqlStore.open(settings.database or sqlite_url(home / "patmatch.db")),
            encoder, CachedEncoder(encoder, home / "vectors.db"), segmenter,
            partial(make_index, "flat"), FileLock(home / "lock", timeout=0),
        )  # fmt: skip
        with StandingMatcher(works) as matcher:
            matcher.rankers.keep(ranker)
            app = create_app(matcher, settings)
            yield World(matcher, app, app.state.desk)

    return make


@pytest.fixture(scope="session")
def filled(make_world: Make, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a full installation, indexed, that is only copied."""
    home = tmp_path_factory.mktemp("filled") / "home"
    with make_world(home) as made:
        fill(made.matcher.store, made.desk)
        made.matcher.refresh()
    return home


@pytest.fixture(scope="session")
def world(
    make_world: Make, filled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A full installation; nobody changes it."""
    home = tmp_path_factory.mktemp("world") / "home"
    shutil.copytree(filled, home)
    with make_world(home) as made:
        yield made


@pytest.fixture(scope="module")
def on_postgres(
    make_world: Make, postgres: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A full installation on PostgreSQL; nobody changes it."""
    engine = create_engine(postgres)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    home = tmp_path_factory.mktemp("postgres") / "home"
    with make_world(home, replace(SETTINGS, database=postgres)) as made:
        fill(made.matcher.store, made.desk)
        yield made


@pytest.fixture
def fresh(make_world: Make, filled: Path, tmp_path: Path) -> Iterator[World]:
    """A full installation that a test may change."""
    shutil.copytree(filled, tmp_path / "home")
    with make_world(tmp_path / "home") as made:
        yield made


@pytest.fixture(scope="session")
def fill_people() -> Callable[[SqlStore, Desk], None]:
    """Organisations and people without records."""
    return people


@pytest.fixture
def callers() -> tuple[str, ...]:
    """Every caller of a full installation."""
    return CALLERS


@pytest.fixture
def secrets() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What no stranger may read: contact data, and what the kept-back records say."""
    return SECRETS, HIDDEN


@pytest.fixture
def bare() -> Settings:
    """The settings of these installations."""
    return replace(SETTINGS)
