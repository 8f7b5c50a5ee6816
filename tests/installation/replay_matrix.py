"""The same content hashes wherever a round is processed: `make replay-matrix`.

Each Python of this machine from 3.11 to 3.13 processes a round in four surroundings, which between them pair
every choice with every other: one thread or two, another time zone and locale, SQLite or Postgres, a folder
or a bucket. Every cell must publish the same content; and every Python must replay the versions of the first.
An interpreter that `uv` can fetch is fetched; one that is nowhere is named. `make replay-matrix ONLY=3.12`
tries one.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samples.bundle import copy_inputs
from tests.installation.every_python import ENVIRONMENTS, ROOT, interpreters, newest_of_each
from tests.servers import ServerError, new_database, postgres_server, s3_server

WANTED = ("3.11", "3.12", "3.13")
HERE = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}
ELSEWHERE = {
    "TZ": "Pacific/Kiritimati",
    "LC_ALL": "tr_TR.UTF-8",
    "LANG": "tr_TR.UTF-8",
    "PYTHONHASHSEED": "7",
}


@dataclass(frozen=True)
class Surroundings:
    """One column of the matrix."""

    threads: int
    place: Mapping[str, str]
    database: str
    storage: str

    @property
    def name(self) -> str:
        """As the table shows it."""
        zone = self.place["TZ"]
        return f"{self.threads} thread(s), {zone}, {self.place['LC_ALL']}, {self.database}, {self.storage}"


COLUMNS = (
    Surroundings(1, HERE, "SQLite", "folder"),
    Surroundings(2, ELSEWHERE, "SQLite", "bucket"),
    Surroundings(2, HERE, "Postgres", "folder"),
    Surroundings(1, ELSEWHERE, "Postgres", "bucket"),
)
"""Every two choices meet in one of them."""


def main(wanted: Sequence[str]) -> int:
    """Fill the matrix and print it; 1 where a cell is not like the first, else 0."""
    with tempfile.TemporaryDirectory(prefix="matrix-") as folder, ExitStack() as stack:
        work = Path(folder)
        copy_inputs(work / "inputs")
        servers = _servers(stack, work)
        cells = dict(_cells(work, wanted, servers))
    return _report(cells)


def _servers(stack: ExitStack, work: Path) -> dict[str, Any]:
    servers: dict[str, Any] = {}
    for name, server in (("bucket", s3_server()), ("Postgres", postgres_server(work / "postgres"))):
        try:
            servers[name] = stack.enter_context(server)
        except ServerError as error:
            _say(f"No {name}: {error}")
    return servers


def _cells(
    work: Path, wanted: Sequence[str], servers: Mapping[str, Any]
) -> Iterator[tuple[str, dict[str, Any] | str]]:
    """Each cell by its name, with what it printed, or why it could not be filled."""
    first: Path | None = None
    for minor in wanted:
        python = _python(minor)
        if isinstance(python, str):
            yield f"Python {minor}", python
            continue
        for number, column in enumerate(COLUMNS):
            if {column.database, column.storage} & ({"Postgres", "bucket"} - set(servers)):
                continue
            data = work / f"{minor}-{number}"
            yield f"Python {minor}, {column.name}", _run(python, _environment(column, data, work, servers))
            first = first or data
        if first is not None:
            copy = shutil.copytree(first, work / f"{minor}-replay")
            environment = _environment(COLUMNS[0], copy, work, servers)
            yield f"Python {minor}, replay of the first", _run(python, environment, "replay")


def _python(minor: str) -> Path | str:
    """The Python of an environment with the locked libraries; in words why there is none."""
    found = newest_of_each(interpreters())
    if minor not in found:
        uv = Path(sys.executable).with_name("uv")
        subprocess.run([uv, "python", "install", "--quiet", minor], capture_output=True, check=False)
        found = newest_of_each(interpreters())
    if minor not in found:
        return "not on this machine, and uv cannot fetch it"
    if found[minor].resolve() == Path(sys.executable).resolve():
        return Path(sys.executable)
    environment = ENVIRONMENTS / minor / "venv"
    command = ["make", "--silent", "setup", f"PYTHON={found[minor]}", f"VENV={environment}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return environment / "bin/python" if done.returncode == 0 else f"make setup failed: {done.stderr[-500:]}"


def _environment(column: Surroundings, data: Path, work: Path, servers: Mapping[str, Any]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CITY2CITY_", "AWS_"))}
    threads = str(column.threads)
    environment = {
        **kept,
        **column.place,
        "POLARS_MAX_THREADS": threads,
        "OMP_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": threads,
        "CITY2CITY_CACHE": os.environ.get("CITY2CITY_CACHE", str(work / "cache")),
        "CITY2CITY_DATA": str(data),
        "MATRIX_INPUTS": str(work / "inputs"),
    }
    if column.storage == "bucket":
        names = {"endpoint": "AWS_ENDPOINT_URL"}
        options = {names.get(key, f"AWS_{key.upper()}"): it for key, it in servers["bucket"].items()}
        database = f"sqlite:///{data}.db"
        environment |= options | {
            "CITY2CITY_DATA": f"s3://city2city/{data.name}",
            "CITY2CITY_DATABASE_URL": database,
        }
    if column.database == "Postgres":
        name = f"matrix_{data.name}".replace(".", "_").replace("-", "_")
        environment["CITY2CITY_DATABASE_URL"] = new_database(servers["Postgres"], name)
    return environment


def _run(python: Path, environment: dict[str, str], *arguments: str) -> dict[str, Any] | str:
    command = [python, "-m", "tests.installation.one_cell", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=900
    )
    if done.returncode:
        return f"failed: {done.stderr.strip()[-1500:]}"
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _report(cells: Mapping[str, dict[str, Any] | str]) -> int:
    """Print each cell against the first; 1 where one is not like it."""
    wanted = next((cell["hashes"] for cell in cells.values() if not isinstance(cell, str)), {})
    wrong = 0 if wanted else 1
    for name, cell in cells.items():
        if isinstance(cell, str):
            wrong += "not on this machine" not in cell
            _say(f"{name}: {cell}")
            continue
        other = sorted(
            key for key in {*wanted, *cell["hashes"]} if wanted.get(key) != cell["hashes"].get(key)
        )
        differing = [f"replay of version {key}: {value}" for key, value in cell["differing"].items() if value]
        wrong += bool(other or differing)
        told = "; ".join([*other, *differing]) or f"{len(cell['hashes'])} tables the same, replays identical"
        _say(f"{name}: {told}")
    return int(bool(wrong))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or WANTED))
