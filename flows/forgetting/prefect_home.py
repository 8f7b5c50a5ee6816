"""What Prefect keeps on this machine, without what is personal of the forms that are forgotten.

No flow hands it personal data, and no result of a flow is kept. It is searched all the same, because a text
of a person may have come into a reason or a log.

Belongs here: Prefect's database and its results. Must stay out: a Prefect server elsewhere, which has its own
database.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from contextlib import closing
from pathlib import Path
from typing import Any

from flows.forgetting.texts import folded, holds
from warehouse.dictionary.decision_ids import ERASED

_WAIT_S = 30


def erase_in_prefect(home: Path, texts: Collection[str]) -> list[str]:
    """Erase the texts from the database and the files of a home, and return where they were."""
    if not home.is_dir():
        return []
    database = home / "prefect.db"
    done = [str(database)] if database.is_file() and _in_database(database, texts) else []
    for path in sorted(home.rglob("*")):
        if path.is_file() and not path.name.startswith("prefect.db") and holds(path.read_bytes(), texts):
            path.unlink()
            done.append(str(path))
    return done


def _in_database(path: Path, texts: Collection[str]) -> bool:
    """Erase the texts from every column, and whatever the file still holds of what was erased before."""
    changed = False
    with closing(sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        connection.create_function("city2city_without", 1, _eraser(texts), deterministic=True)
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in names:
            for column in connection.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall():
                quoted, name = (f'"{one.replace(chr(34), chr(34) * 2)}"' for one in (table, column[0]))
                new = f"city2city_without({name})"
                statement = f"UPDATE {quoted} SET {name} = {new} WHERE {name} IS NOT {new}"  # noqa: S608
                changed |= connection.execute(statement).rowcount > 0
        if changed:
            for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                connection.execute(statement).fetchall()
    return changed


def _eraser(texts: Collection[str]) -> Callable[[Any], Any]:
    def without(value: Any) -> Any:
        if isinstance(value, str) and any(text in folded(value) for text in texts):
            return ERASED
        return value

    return without
