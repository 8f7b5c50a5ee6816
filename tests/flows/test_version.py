"""No two states of the program look the same; the same one looks the same wherever it is."""

from __future__ import annotations

import re
import shutil
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

from flows import version
from flows.version import PACKAGES, identity_of, program_identity, program_lock, program_source
from tests.flows.office import Office
from warehouse.snapshots import read_package

ROOT = Path(__file__).parents[2]


@pytest.fixture
def another_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the program, which is asked instead of the installed one."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "requirements.lock", tmp_path)
    monkeypatch.setattr(version, "_folder", lambda package: tmp_path / package)
    return tmp_path


def source() -> str:
    return str(program_source.__wrapped__())


def test_the_same_program_is_the_same_in_another_place(another_place: Path) -> None:
    here = program_source()
    assert source() == here
    assert program_lock.__wrapped__() == program_lock()
    assert re.fullmatch(r"[0-9a-f]{64}", here)


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "tasks/new.py").write_text(""),
        lambda root: (root / "tasks/scoring/step.py").open("a").write("\n"),
        lambda root: (root / "programme/rounds.toml").open("a").write("# no more\n"),
        lambda root: (root / "flows/version.py").rename(root / "flows/versions.py"),
        lambda root: (root / "programme/climate/koeppen.npz").open("ab").write(b"\0"),
        lambda root: (root / "flows/what_if.py").unlink(),
    ],
    ids=["a file more", "code", "a rule", "a name", "data", "a file less"],
)
def test_any_change_of_the_program_shows(another_place: Path, change: object) -> None:
    before = source()
    change(another_place)  # type: ignore[operator]
    assert source() != before


def test_what_is_no_part_of_the_program_does_not_show(another_place: Path) -> None:
    before = source()
    (another_place / "tasks/__pycache__").mkdir()
    (another_place / "tasks/__pycache__/x.cpython-311.pyc").write_bytes(b"x")
    (another_place / "flows/.hidden").write_text("x")
    (another_place / "samples/README.md").write_text("x")
    assert source() == before


def test_a_program_without_its_lock_file_says_so(another_place: Path) -> None:
    (another_place / "requirements.lock").unlink()
    assert program_lock.__wrapped__() is None


def test_every_file_that_counts_is_installed_too() -> None:
    """Else a program from a package would look other than the same one from its sources."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        data = tomllib.load(file)["tool"]["setuptools"]["package-data"]
    patterns = [f"{name.replace('.', '/')}/{pattern}" for name, given in data.items() for pattern in given]
    own = [path for package in PACKAGES for path in (ROOT / package).rglob("*") if version._is_own(path)]
    names = [path.relative_to(ROOT).as_posix() for path in own if path.suffix != ".py"]
    assert [name for name in names if not any(fnmatch(name, pattern) for pattern in patterns)] == []


@pytest.mark.parametrize(
    ("program", "of", "told"),
    [("0.1.0", "ab" * 32, "0.1.0 (source abababababab)"), ("0.1.0", None, "0.1.0"), ("0.1.0", "", "0.1.0")],
)
def test_one_name_of_a_program(program: str, of: str | None, told: str) -> None:
    assert identity_of(program, of) == told


def test_a_version_names_the_program_that_made_it(processed: Office) -> None:
    package = read_package(processed.context.storage, "2025-07", 1)
    assert (package["program_source"], package["program_lock"]) == (program_source(), program_lock())
    assert identity_of(package["program"], package["program_source"]) == program_identity()


@pytest.mark.long
def test_another_program_is_no_reason_for_a_new_version(
    processed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.publishing.program_source", lambda: "e" * 64)
    monkeypatch.setattr("flows.round_inputs.program_identity", lambda: identity_of("0.1.0", "e" * 64))
    published = processed.run("2025-07")
    assert (published.version, published.new) == (1, False)
