"""Demo and tests on every supported interpreter of this machine: `make test-pythons`.

Each interpreter gets its own environment below `build/pythons/`, made by `make setup` as a new user would.
Without arguments all supported Pythons are tried; `make test-pythons ONLY=3.13` tries one. Interpreters are
those that `uv python list --only-installed` names, those in pyenv's folder, and `python3.N` on the path.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

SUPPORTED = ("3.11", "3.12", "3.13", "3.14")
ROOT = Path(__file__).parents[2]
ENVIRONMENTS = ROOT / "build" / "pythons"
ASK_VERSION = "import sys; print('.'.join(map(str, sys.version_info[:3])), sys.implementation.name)"


def main(wanted: Iterable[str]) -> int:
    """Try each wanted Python and say how it went; 1 if one that is on this machine fails, else 0."""
    found = newest_of_each(interpreters())
    outcomes = {}
    for minor in wanted:
        outcomes[minor] = try_python(minor, found[minor]) if minor in found else "not on this machine"
        _say(f"Python {minor}: {outcomes[minor]}")
    _say("\n".join(["", *(f"Python {minor}: {outcome}" for minor, outcome in outcomes.items())]))
    return int(any("failed" in outcome for outcome in outcomes.values()))


def interpreters() -> dict[Path, tuple[int, ...]]:
    """Every working CPython of this machine, and its version."""
    found = {}
    for path in dict.fromkeys(
        [*_known_to_uv(), *_in_pyenv(), *(Path(f"python{minor}") for minor in SUPPORTED)]
    ):
        try:
            said = subprocess.run(
                [path, "-c", ASK_VERSION], capture_output=True, text=True, check=True
            ).stdout
        except (OSError, subprocess.CalledProcessError):
            continue  # a shim of pyenv that leads nowhere, or nothing of that name
        version, implementation = said.split()
        if implementation == "cpython":
            found[path] = tuple(map(int, version.split(".")))
    return found


def newest_of_each(found: dict[Path, tuple[int, ...]]) -> dict[str, Path]:
    """Minor version (as `3.12`) to the interpreter with its newest patch release."""
    ordered = sorted(found, key=lambda path: found[path])
    return {".".join(map(str, found[path][:2])): path for path in ordered}


def try_python(minor: str, interpreter: Path) -> str:
    """Set up, run the demo and the tests with one interpreter; what failed, or that all is well."""
    environment, data = ENVIRONMENTS / minor / "venv", ENVIRONMENTS / minor / "data"
    started = time.monotonic()
    for target in ("setup", "demo", "test"):
        command = ["make", target, f"PYTHON={interpreter}", f"VENV={environment}"]
        settings = {**os.environ, "CITY2CITY_DATA": str(data)} if target == "demo" else None
        if subprocess.run(command, cwd=ROOT, env=settings, check=False).returncode:
            return f"make {target} failed ({interpreter})"
    return f"demo and tests pass ({interpreter}, {time.monotonic() - started:.0f} s)"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _known_to_uv() -> list[Path]:
    command = ["uv", "python", "list", "--only-installed", "--output-format", "json", "--quiet"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    said = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PATH": path}
    )
    return [Path(item["path"]) for item in json.loads(said.stdout or "[]") if item.get("path")]


def _in_pyenv() -> list[Path]:
    root = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    return sorted(root.glob("versions/*/bin/python"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or SUPPORTED))
