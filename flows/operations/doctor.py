"""The doctor: every question about an installation asked side by side, and every answer as a line.

Belongs here: which questions there are, and the order of the lines. Must stay out: asking (`*_facts.py`) and
judging (`*_health.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flows.context import AppContext
from flows.operations.asking import ask_all
from flows.operations.house_facts import (
    cache_facts,
    database_facts,
    has_versions,
    key_facts,
    last_backup_of,
    lock_facts,
    rules_facts,
    storage_facts,
)
from flows.operations.house_health import (
    backup_line,
    cache_line,
    database_line,
    key_lines,
    lock_line,
    rules_lines,
    storage_line,
)
from flows.operations.line import Line, NoAnswer, broken
from flows.operations.machine_facts import clock_facts, disk_facts, library_facts, mail_facts
from flows.operations.machine_health import clock_line, disk_lines, library_lines, mail_line
from flows.operations.prefect_facts import Api, prefect_facts, time_ahead
from flows.operations.prefect_health import prefect_lines
from flows.settings import mail_variables, prefect_server


def examine(context: AppContext, now: datetime) -> list[Line]:
    """Look at everything an unattended round needs; nothing is changed, and nobody is written to."""
    server = prefect_server()
    api = Api(*server) if server else None
    answers = ask_all(
        {
            "rules": lambda: rules_facts(context),
            "prefect": lambda: None if api is None else prefect_facts(api, context.rounds.rounds, now),
            "locks": lambda: lock_facts(context),
            "database": lambda: database_facts(context),
            "storage": lambda: storage_facts(context),
            "keys": lambda: key_facts(context),
            "caches": lambda: cache_facts(context),
            "disk": lambda: disk_facts(context),
            "clock": lambda: clock_facts(context, _ahead(api)),
            "mail": lambda: mail_facts(mail_variables()),
            "libraries": library_facts,
            "backup": lambda: last_backup_of(context),
            "versions": lambda: has_versions(context),
        }
    )
    return lines_of(answers, now)


def lines_of(answers: Mapping[str, Any], now: datetime) -> list[Line]:
    """All lines, in the order in which a person mends things: rules, what is kept, the machine, Prefect."""
    locks = answers["locks"]
    return [
        *rules_lines(answers["rules"]),
        *library_lines(answers["libraries"]),
        database_line(answers["database"]),
        storage_line(answers["storage"]),
        *disk_lines(answers["disk"]),
        cache_line(answers["caches"]),
        *key_lines(answers["keys"]),
        backup_line(answers["backup"], now, versions=answers["versions"] is True),
        *(
            [broken("locks", locks.why, "See that the database and the data folder answer.")]
            if isinstance(locks, NoAnswer)
            else [lock_line(one, now) for one in locks]
        ),
        clock_line(answers["clock"], now),
        mail_line(answers["mail"]),
        *prefect_lines(answers["prefect"], now),
    ]


def _ahead(api: Api | None) -> timedelta | None:
    """How far the clock is from the server's; None where no server says so."""
    try:
        return None if api is None else time_ahead(api)
    except OSError:
        return None
