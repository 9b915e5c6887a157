"""requirements.lock holds every version that the set-up may install, and each fits."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
BUILDERS = ("pip", "hatchling", "editables", "setuptools", "wheel")


def locked() -> dict[str, Version]:
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    pinned = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): Version(version) for name, version in pinned}


def wanted() -> list[Requirement]:
    """What pyproject asks for, extras included, without ourselves."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = list(project["dependencies"])
    for extra in project["optional-dependencies"].values():
        lines += extra
    found = map(Requirement, lines)
    return [one for one in found if one.name != project["name"]]


def test_the_lock_satisfies_pyproject() -> None:
    pins = locked()
    unfit = [
        str(one)
        for one in [*wanted(), *map(Requirement, BUILDERS)]
        if canonicalize_name(one.name) not in pins
        or not one.specifier.contains(pins[canonicalize_name(one.name)], prereleases=True)
    ]
    assert unfit == []


def test_whatever_a_locked_package_needs_is_locked_too_and_fits() -> None:
    pins, unfit = locked(), []
    todo = [(canonicalize_name(one.name), frozenset(one.extras)) for one in wanted()]
    seen = set(todo)
    for name, extras in todo:
        try:
            needs = distribution(name).requires or []
        except PackageNotFoundError:
            continue
        for line in needs:
            need = Requirement(line)
            marks = (
                [need.marker.evaluate({"extra": e}) for e in extras | {""}] if need.marker else [1]
            )
            if not any(marks):
                continue
            key = (canonicalize_name(need.name), frozenset(need.extras))
            if key[0] not in pins or not need.specifier.contains(pins[key[0]], prereleases=True):
                unfit.append(f"{name} needs {need}")
            if key not in seen:
                seen.add(key)
                todo.append(key)
    assert unfit == []
    assert len(seen) > 60


def test_the_lock_names_releases_once_each_and_in_order() -> None:
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()[1:]
    assert [line for line in lines if not re.fullmatch(r"[\w.\-]+==[\w.]+", line)] == []
    assert len(locked()) == len(lines)


def test_torch_is_the_release_whose_processor_build_is_used_here() -> None:
    assert locked()["torch"] == Version("2.13.0")
