"""The Dockerfile: what a linter says, the rules that matter here, and what of the lock enters the image."""

from __future__ import annotations

import importlib.metadata
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.deploy.compose_file import DEPLOY, ROOT, instructions, stages

LOCK = (ROOT / "requirements.lock").read_text("utf-8")
TOOL = runpy.run_path(str(DEPLOY / "runtime_lock.py"))
DEPENDENCIES = TOOL["dependencies"]((ROOT / "pyproject.toml").read_text("utf-8"))


def test_the_linter_finds_nothing() -> None:
    linter = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
    if linter is None:
        pytest.skip("hadolint is not here")
    done = subprocess.run([linter, DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False)
    assert done.stdout == ""
    assert done.returncode == 0


def test_every_base_is_named_by_a_digest_without_default() -> None:
    rows = instructions()
    bases = [rest.split()[0] for word, rest in rows if word == "FROM"]
    assert bases
    assert {re.sub(r"^[a-z]+:[\w.-]+@", "", base) for base in bases} == {"${PYTHON_DIGEST}"}
    assert [rest for word, rest in rows if word == "ARG"] == ["PYTHON_DIGEST"]
    assert "latest" not in (DEPLOY / "Dockerfile").read_text("utf-8")


def test_nothing_comes_from_an_address_and_every_library_by_its_hash() -> None:
    rows = instructions()
    assert "ADD" not in {word for word, _ in rows}
    installs = [
        part for word, rest in rows if word == "RUN" for part in rest.split("&&") if "pip install" in part
    ]
    assert installs
    assert [part for part in installs if "--require-hashes" not in part and "--no-index" not in part] == []
    assert [rest for _, rest in rows if re.search(r"curl|wget|apt-get|https?://(?!127\.0\.0\.1)", rest)] == []


@pytest.mark.parametrize("name", ["store", "program"])
def test_what_runs_is_not_root(name: str) -> None:
    words = [word for word, _ in stages()[name]]
    users = [rest for word, rest in stages()[name] if word == "USER"]
    assert users == ["10001:10001"]
    assert "RUN" not in words[words.index("USER") :]


def test_there_is_one_health_check() -> None:
    assert [word for word, _ in stages()["program"]].count("HEALTHCHECK") == 1
    assert [word for word, _ in instructions()].count("HEALTHCHECK") == 1


def test_only_the_program_enters_the_image() -> None:
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    let_in = [rule.removeprefix("!") for rule in rules if rule.startswith("!")]
    assert [path for path in let_in if not (ROOT / path).exists()] == []
    assert not {"deploy", "deploy/secrets", "deploy/.env", "data", ".git", "tests", "build"} & set(let_in)
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages <= set(let_in)


def test_the_image_has_what_runs_and_nothing_of_the_tests() -> None:
    lines = TOOL["runtime_lock"](LOCK, [*DEPENDENCIES, "setuptools"])
    names = set(re.findall(r"(?m)^([a-z0-9-]+)(?:\[[^\]]*\])?==", lines))
    assert names >= {TOOL["normal"](one) for one in DEPENDENCIES}
    assert not {"pytest", "mypy", "ruff", "moto", "hypothesis", "playwright", "uv"} & names
    assert all(entry in LOCK for entry in re.findall(r"(?m)^[a-z].*\n(?:    .*\n)*", lines))
    assert lines.count("--hash=") >= len(names)


def test_whatever_a_library_of_the_image_needs_is_in_the_image() -> None:
    lines = TOOL["runtime_lock"](LOCK, DEPENDENCIES)
    names = set(re.findall(r"(?m)^([a-z0-9-]+)(?:\[[^\]]*\])?==", lines))
    lacking = []
    for name in sorted(names):
        try:
            asked = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue  # it belongs to another system
        for one in map(Requirement, asked):
            if one.marker is None or one.marker.evaluate({"extra": ""}):
                lacking += [f"{name} needs {one.name}"] if canonicalize_name(one.name) not in names else []
    assert lacking == []


def test_a_library_that_the_lock_lacks_is_told() -> None:
    with pytest.raises(ValueError, match="lacks no-such-library; call make lock"):
        TOOL["runtime_lock"](LOCK, ["No_Such.Library>=3"])
