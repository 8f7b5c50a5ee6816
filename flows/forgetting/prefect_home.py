"""What Prefect keeps on this machine, without what is personal of the forms that are forgotten.

No flow hands it personal data, and no result of a flow is kept. It is searched all the same, because a text
of a person may have come into a reason or a log.

Belongs here: Prefect's database and its results. Must stay out: a Prefect server elsewhere, which has its own
database.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection
from contextlib import closing
from pathlib import Path
from typing import Any

from flows.forgetting.texts import folded, holds, unescaped
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
        if not isinstance(value, str) or not _has(value, texts):
            return value
        cleaned = _without_in_json(value, texts)
        return ERASED if cleaned is None or _has(cleaned, texts) else cleaned

    return without


def _has(value: str, texts: Collection[str]) -> bool:
    """Whether a cell holds a text, also in the way in which JSON writes letters that are not of ASCII."""
    written = (value, unescaped(value)) if "\\" in value else (value,)
    return any(text in folded(one) for one in written for text in texts)


def _without_in_json(value: str, texts: Collection[str]) -> str | None:
    """JSON without the texts, and still JSON: a server that cannot read a row answers nothing about any run.

    None where the value is none. A name in it that holds a text takes its whole object along.
    """
    try:
        found = json.loads(value)
    except ValueError:
        return None

    def cleaned(node: Any) -> Any:
        if isinstance(node, dict):
            if any(_has(name, texts) for name in node):
                return {}
            return {name: cleaned(item) for name, item in node.items()}
        if isinstance(node, list):
            return [cleaned(item) for item in node]
        return ERASED if isinstance(node, str) and _has(node, texts) else node

    whole = json.dumps(cleaned(found))
    if _has(whole, texts):  # across several values: then nothing of it stays
        return json.dumps([] if isinstance(found, list) else {} if isinstance(found, dict) else ERASED)
    return whole
