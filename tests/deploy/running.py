"""The services of compose as processes of this machine: started, asked for their health, ended.

Belongs here: what a container engine and the images of others would do: folders, secrets, the files of
Postgres, and waiting until a service is healthy. Must stay out: what is done with the services
(`test_services.py`).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from psycopg import sql

from tests.deploy.compose_file import ROOT, Here, Service, compose, service, settings
from tests.servers import Postgres, free_ports

BIN = Path(sys.executable).parent
PORTS = {
    "server": (4200,),
    "worker": (8080,),
    "desk": (8600,),
    "store": (8333, 9333, 9340, 8888),
    "prefect-database": (5432,),
    "warehouse-database": (5432,),
}


def ports() -> dict[tuple[str, int], int]:
    """A free port of this machine for each port of a service."""
    wanted = [(name, port) for name, several in PORTS.items() for port in several]
    return dict(zip(wanted, free_ports(len(wanted)), strict=True))


READ_ONLY = (str(ROOT), "/etc", "/home", "/opt", "/root", "/usr", "/var")
"""What of this machine stands for a container's root file system; what a service may write lies in `/tmp`."""
LOCKED = 'for one in $0; do mount --bind "$one" "$one" && mount -o remount,ro,bind "$one"; done; exec "$@"'


@cache
def read_only() -> tuple[str, ...]:
    """What stands before a command so that it cannot write its root; nothing where that is not to be had."""
    places = " ".join(one for one in READ_ONLY if Path(one).is_dir())
    locked = ("unshare", "--mount", "sh", "-ec", LOCKED, places)
    tried = subprocess.run([*locked, "touch", str(ROOT / "nothing")], capture_output=True, check=False)
    (ROOT / "nothing").unlink(missing_ok=True)
    return locked if b"Read-only file system" in tried.stderr else ()


@dataclass
class House:
    """All services of the file, those that were started, and where each keeps its files."""

    folder: Path
    ports: dict[tuple[str, int], int]
    postgres: Postgres
    databases: Path
    path: str
    started: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def service(self, name: str) -> Service:
        """A service as a process of this machine."""
        own = self.folder / name
        folders = {"/tmp": "tmp", "/run/secrets": "secrets", "/data": "data"}
        for part in folders.values():
            (own / part).mkdir(parents=True, exist_ok=True)
        here = {there: str(own / part) for there, part in folders.items()}
        here |= {"/opt/city2city/.venv": sys.prefix, "/opt/city2city": str(ROOT)}
        here |= {"/var/cache/city2city": str(self.folder / "cache")}
        found = Here(self.ports, here).of(service(compose(settings()), name))
        for target, source in found.secrets.items():
            text = (self.folder / "secrets" / source).read_text("utf-8")
            (own / "secrets" / target).write_text(Here(self.ports, {}).put(text, name), "utf-8")
        return found

    def environment(self, name: str) -> dict[str, str]:
        """The environment of a service: its own, and nothing of this process but the path."""
        own = self.folder / name
        base = {
            "HOME": str(own),
            "TMPDIR": str(own / "tmp"),
            "SECRETS_FOLDER": str(own / "secrets"),
        }
        said = self.service(name).environment
        return base | said | {"PATH": self.path}

    def run(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The service's own command, or another with its environment and secrets, as `compose run` does."""
        argv = self.service(name).argv
        if arguments:
            argv = [str(ROOT / "deploy/with-secrets"), *arguments]
        return subprocess.run(
            [*read_only(), *argv],
            env=self.environment(name),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def start(self, name: str) -> None:
        """Start a service and wait until its health check says that it is healthy."""
        log = (self.folder / name / "log") if (self.folder / name).exists() else self.folder / f"{name}.log"
        with log.open("ab") as out:
            self.started[name] = subprocess.Popen(
                [*read_only(), *self.service(name).argv],
                env=self.environment(name),
                cwd=ROOT,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.until_healthy(name, lambda: log.read_text("utf-8")[-2000:])

    def until_healthy(self, name: str, said: Callable[[], str]) -> None:
        """Wait until a service that was started is healthy."""
        end = time.monotonic() + 180
        while self.unhealthy(name):
            assert self.started[name].poll() is None, f"{name} ended: {said()}"
            assert time.monotonic() < end, f"{name} is not healthy: {said()}"
            time.sleep(0.5)

    def start_database(self, name: str) -> None:
        """Start a database as the image of Postgres does by its variables."""
        said = self.service(name)
        user, port = said.environment["POSTGRES_USER"], self.ports[name, 5432]
        password = Path(said.environment["POSTGRES_PASSWORD_FILE"]).read_text("utf-8")
        folder = self.postgres.made(self.databases / name, user, password)
        self.started[name] = self.postgres.start(folder, port)
        self.until_healthy(name, lambda: "")
        address = {"host": str(folder), "port": port, "user": user}
        with psycopg.connect(**address, dbname="postgres", autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {}").format(sql.Identifier(said.environment["POSTGRES_DB"]))
            )

    def unhealthy(self, name: str) -> bool:
        """What the service's health check says now."""
        check, environment = self.service(name).check, self.environment(name)
        if (name, 5432) in self.ports:
            environment |= {"PGHOST": "127.0.0.1", "PGPORT": str(self.ports[name, 5432])}
        done = subprocess.run(check, env=environment, cwd=ROOT, capture_output=True, timeout=30, check=False)
        return done.returncode != 0

    def end(self, name: str) -> None:
        """End a service as an engine does: told first, then killed with all that it started."""
        process = self.started.pop(name)
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(60)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


@contextmanager
def house(folder: Path, postgres: Postgres, path: str) -> Iterator[House]:
    """A house with its secrets, nothing started yet; it ends what was started."""
    made = subprocess.run(
        [sys.executable, str(ROOT / "deploy/make_secrets.py"), str(folder / "secrets")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout.startswith("Made ")
    # Postgres has another account, which cannot enter the folders of tests.
    with TemporaryDirectory() as databases:
        Path(databases).chmod(0o755)
        found = House(folder, ports(), postgres, Path(databases), path)
        try:
            yield found
        finally:
            for name in reversed(list(found.started)):
                found.end(name)
