"""`make setup` with a Python that does not do says in one line what to install, before it makes anything."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.installation.every_python import ROOT, newest_of_each

CASES = [
    pytest.param("sys.version_info = (3, 9, 2)", "needs Python 3.11 to 3.14, this is 3.9;", id="too old"),
    pytest.param("sys.version_info = (3, 15, 0)", "needs Python 3.11 to 3.14, this is 3.15;", id="too new"),
    pytest.param("sys.modules['venv'] = None", "lacks venv; install it (Debian", id="no venv"),
    pytest.param("sys.modules['ensurepip'] = None", "lacks venv; install it (Debian", id="no ensurepip"),
]


def set_up(folder: Path, python: Path | str) -> tuple[int, list[str]]:
    command = ["make", "--silent", "setup", f"PYTHON={python}", f"VENV={folder / 'venv'}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    said = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("make")]
    return done.returncode, said


@pytest.mark.parametrize(("pretend", "expected"), CASES)
def test_a_python_that_does_not_do_is_told_in_one_line(tmp_path: Path, pretend: str, expected: str) -> None:
    python = tmp_path / "python3"
    # It runs what make asks, but as the Python it pretends to be.
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -c "import sys; {pretend}\n$2"\n')
    python.chmod(0o755)
    status, said = set_up(tmp_path, python)
    assert status != 0
    assert len(said) == 1
    assert expected in said[0]
    assert not (tmp_path / "venv").exists()


def test_a_python_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    status, said = set_up(tmp_path, "python3.99")
    assert status != 0
    assert said == ["City2City needs Python 3.11 to 3.14, python3.99 is not there"]


def test_of_each_python_the_newest_release_is_tried() -> None:
    found = {Path("a"): (3, 11, 7), Path("b"): (3, 11, 10), Path("c"): (3, 9, 1), Path("d"): (3, 13, 0)}
    assert newest_of_each(found) == {"3.9": Path("c"), "3.11": Path("b"), "3.13": Path("d")}


def test_everything_that_make_installs_is_checked_by_its_hash() -> None:
    """Also the installer itself; only the project's own folder has no hash."""
    lines = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", " ").splitlines()
    installing = [part for line in lines for part in line.split("&&") if "pip install" in part]
    assert len(installing) >= 3
    assert [part for part in installing if "--require-hashes" not in part and "-e ." not in part] == []


def test_the_lines_of_uv_are_a_list_of_their_own(tmp_path: Path) -> None:
    command = ["sed", "-n", r"/^uv==/,/[^\\]$/p", "requirements.lock"]
    wanted = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert wanted[0].startswith("uv==")
    assert len(wanted) > 2
    assert all(line.strip().startswith("--hash=sha256:") for line in wanted[1:])
    said = subprocess.run(
        ["make", "-n", "-B", "setup"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert r"sed -n '/^uv==/,/[^\\]$/p' requirements.lock" in said
