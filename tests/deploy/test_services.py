"""The services of `deploy/compose.yaml` as processes: the same commands, environments and health checks.

A round goes through them: its exports into the store, a run by the worker through the Prefect server, its
page at the desk, an erasure. Prefect's database and home hold nothing personal of any form. Where SeaweedFS
is not here, moto stands in for the store. Postgres is that of the machine: Prefect needs an extension of it.
"""

from __future__ import annotations

import json
import os
import re
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest

from samples.bundle import copy_inputs
from tests.deploy.running import BIN, House, house
from tests.hostile.test_canaries import found_in
from tests.servers import ServerError, s3_server, system_postgres, weed_program
from warehouse.storage import open_storage

pytestmark = [pytest.mark.long, pytest.mark.prefect, pytest.mark.timeout(1200)]
ROUND = "2026-01"


@pytest.fixture
def started(tmp_path: Path, cache_folder: Path) -> Iterator[House]:
    """All services, in the order that compose's `depends_on` asks for."""
    try:
        postgres = system_postgres()
    except ServerError as error:
        pytest.skip(str(error))
    programs = [BIN, postgres.bin]
    (tmp_path / "cache").symlink_to(cache_folder)
    with ExitStack() as ends:
        try:
            programs.append(Path(weed_program()).parent)
            moto = None
        except ServerError:
            moto = ends.enter_context(s3_server())
        path = os.pathsep.join([*map(str, programs), os.environ["PATH"]])
        found = ends.enter_context(house(tmp_path, postgres, path))
        if moto is None:
            found.start("store")
            done = found.run("bucket")
            assert done.returncode == 0, done.stdout + done.stderr
        else:
            found.ports["store", 8333] = int(moto["endpoint"].rpartition(":")[2])
        for name in ("prefect-database", "warehouse-database"):
            found.start_database(name)
        found.start("server")
        done = found.run("deployments")
        assert done.returncode == 0, done.stdout + done.stderr
        found.start("worker")
        found.start("desk")
        yield found


def asked(house: House, path: str) -> Any:
    """The answer of the Prefect server to a filter."""
    login = (house.folder / "secrets/prefect_login").read_text("utf-8")
    answer = house.run(
        "deployments",
        "python",
        "-c",
        "import httpx, sys; name, _, word = sys.argv[2].partition(':'); "
        "print(httpx.post(sys.argv[1], json={}, auth=(name, word)).text)",
        f"http://127.0.0.1:{house.ports['server', 4200]}/api{path}",
        login,
    )
    return json.loads(answer.stdout)


def put_exports(house: House, folder: Path) -> list[str]:
    """Put a round's exports into the bucket; returns the addresses of the people in them."""
    copy_inputs(folder)
    secrets = house.folder / "secrets"
    storage = open_storage(
        "s3://city2city/office",
        {
            "endpoint": f"http://127.0.0.1:{house.ports['store', 8333]}",
            "region": "us-east-1",
            "access_key_id": (secrets / "store_key_id").read_text("utf-8"),
            "secret_access_key": (secrets / "store_key").read_text("utf-8"),
        },
    )
    for path in (folder / ROUND).iterdir():
        storage.write(f"inputs/{ROUND}/{path.name}", path.read_bytes(), private=True)
    forms = (folder / ROUND / "submissions.csv").read_text("utf-8-sig")
    return sorted(set(re.findall(r"[\w.+-]+@[\w.-]+", forms)))


def finished(house: House) -> str:
    """How the run of the round ended."""
    end = time.monotonic() + 300
    while time.monotonic() < end:
        runs = [run for run in asked(house, "/flow_runs/filter") if ROUND in run["name"]]
        if runs and runs[0]["state_type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED"):
            return f"{runs[0]['state_name']}: {runs[0]['state']['message']}"
        time.sleep(1)
    return "it did not end"


def page_of_the_desk(house: House) -> str:
    """The first page of the desk, as the office's proxy asks for it."""
    port = house.ports["desk", 8600]
    headers = {"X-Remote-User": "Ann Smith", "Host": "desk.office.example"}
    with urllib.request.urlopen(
        urllib.request.Request(f"http://127.0.0.1:{port}/", headers=headers), timeout=60
    ) as answer:
        return str(answer.read().decode())


def rows_of_prefect(house: House) -> bytes:
    """Every row of Prefect's database."""
    where = f"host={house.databases}/prefect-database port={house.ports['prefect-database', 5432]}"
    with psycopg.connect(f"{where} user=prefect dbname=prefect", autocommit=True) as connection:
        names = connection.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        rows = [connection.execute(f"SELECT t::text FROM {name} t").fetchall() for (name,) in names]  # type: ignore[arg-type]  # noqa: S608
    assert names
    return "\n".join(text for table in rows for (text,) in table).encode()


def test_a_round_goes_through_the_services(started: House, tmp_path: Path) -> None:
    people = put_exports(started, tmp_path / "exports")
    assert len(people) > 30
    done = started.run(
        "worker",
        *("prefect", "deployment", "run", "process-round/reprocess-round"),
        *("-p", f"round_id={ROUND}", "-p", "reason=a first run", "--flow-run-name", f"{ROUND}: a first run"),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert finished(started).startswith("Completed: Published version 1")
    verified = started.run("worker", "city2city", "verify", ROUND)
    assert verified.returncode == 0, verified.stderr
    assert ROUND in page_of_the_desk(started)

    gone = "SAMPLE-2026-001"
    forgotten = started.run(
        "worker", "city2city", "forget", gone, "--reason", "they asked for it", "--by", "TEAM"
    )
    assert forgotten.returncode == 0, forgotten.stdout + forgotten.stderr
    told = rows_of_prefect(started)
    assert b"Published version 1" in told
    assert [one for one in people if one.encode() in told] == []
    homes = [path for path in tmp_path.rglob("prefect/**/*") if path.is_file()]
    signs = dict.fromkeys(people, "an address")
    assert homes
    assert [path for path in homes if any(found_in(path.read_bytes(), path.name, signs))] == []

    checked = [name for name in ("store", "server", "worker", "desk") if name in started.started]
    assert not any(started.unhealthy(name) for name in checked)
    for name in ("desk", "worker", "server"):
        started.end(name)
        assert started.unhealthy(name)
