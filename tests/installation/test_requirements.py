"""The lock file holds what `pyproject.toml` asks for, on every supported Python, and names no machine."""

from __future__ import annotations

import importlib.metadata
import itertools
import re
import tomllib
from collections.abc import Iterator

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.installation.every_python import ROOT, SUPPORTED

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
ASKED = [Requirement(line) for line in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"])]
LOCKED = [Requirement(line) for line in re.findall(r"(?m)^([a-z0-9][^\\\n]*?) *\\?$", LOCK)]
PLATFORMS = {"linux": ("Linux", "x86_64"), "darwin": ("Darwin", "arm64")}
Environment = dict[str, str]


def environment(minor: str, platform: str) -> Environment:
    system, machine = PLATFORMS[platform]
    versions = {
        "python_version": minor,
        "python_full_version": f"{minor}.5",
        "implementation_version": f"{minor}.5",
    }
    names = {
        "sys_platform": platform,
        "platform_system": system,
        "platform_machine": machine,
        "os_name": "posix",
    }
    return {
        **{key: str(value) for key, value in default_environment().items()},
        **versions,
        **names,
        "extra": "",
    }


EVERYWHERE = [
    pytest.param(environment(minor, platform), id=f"{minor} on {platform}")
    for minor, platform in itertools.product(SUPPORTED, PLATFORMS)
]


def applies(
    requirement: Requirement, where: Environment, extras: Iterator[str] | tuple[str, ...] = ("",)
) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({**where, "extra": extra}) for extra in extras)


def installable(where: Environment) -> dict[str, Requirement]:
    """What the lock installs there, by name; fails where one name is locked twice."""
    chosen = [item for item in LOCKED if applies(item, where)]
    names = [canonicalize_name(item.name) for item in chosen]
    assert len(names) == len(set(names)), "locked twice"
    return dict(zip(names, chosen, strict=True))


def version_of(requirement: Requirement) -> str:
    (only,) = requirement.specifier
    assert only.operator == "=="
    return only.version


def unmet(requirement: Requirement, locked: dict[str, Requirement]) -> str | None:
    """What is wrong with the lock for one requirement, or None."""
    found = locked.get(canonicalize_name(requirement.name))
    if found is None:
        return f"{requirement}: not locked"
    if not requirement.specifier.contains(version_of(found), prereleases=True):
        return f"{requirement}: locked is {version_of(found)}"
    lost = requirement.extras - found.extras
    return f"{requirement}: extras {sorted(lost)} are not locked" if lost else None


@pytest.mark.parametrize("where", EVERYWHERE)
def test_every_dependency_of_the_project_is_locked_at_an_allowed_version(where: Environment) -> None:
    locked = installable(where)
    assert [wrong for item in ASKED if applies(item, where) and (wrong := unmet(item, locked))] == []


@pytest.mark.parametrize("where", EVERYWHERE)
def test_what_the_locked_libraries_need_is_locked_too(where: Environment) -> None:
    """A lock resolved for one Python alone lacks what a library needs on another (Prefect: `whenever`)."""
    locked = installable(where)
    wrong = []
    for name, item in locked.items():
        try:
            needs = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue  # another Python needs it, so its own needs are not known here
        extras = ("", *item.extras)
        wrong += [
            f"{name}: {problem}"
            for need in map(Requirement, needs)
            if applies(need, where, extras) and (problem := unmet(need, locked))
        ]
    assert wrong == []


def test_every_supported_python_is_allowed_by_the_project_and_by_its_libraries() -> None:
    allowed = SpecifierSet(PROJECT["requires-python"])
    assert [minor for minor in SUPPORTED if f"{minor}.5" not in allowed] == []
    assert not {"3.10.20", "3.15.0"} & {version for version in ("3.10.20", "3.15.0") if version in allowed}
    for item in ASKED:
        needs = importlib.metadata.metadata(item.name).get("Requires-Python") or ""
        assert [minor for minor in SUPPORTED if f"{minor}.5" not in SpecifierSet(needs)] == [], item.name


def test_libraries_for_some_pythons_carry_a_marker() -> None:
    """Prefect needs `pendulum` below Python 3.13 and `whenever` from there on."""
    by_python = {minor: set(installable(environment(minor, "linux"))) for minor in SUPPORTED}
    assert {minor for minor, names in by_python.items() if "whenever" in names} == {"3.13", "3.14"}
    assert {minor for minor, names in by_python.items() if "pendulum" in names} == {"3.11", "3.12"}


def test_every_locked_library_has_its_hashes_and_no_address() -> None:
    entries = re.split(r"(?m)^(?=[a-z0-9])", LOCK)[1:]
    assert len(entries) == len(LOCKED) > 100
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in LOCK
    assert "index-url" not in LOCK
