"""`city2city watch`: whether every round has what is expected of it, for cron or systemd."""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from flows.commands.options import AsAt, AsJson
from flows.console import print_error, print_json, print_table
from flows.context import AppContext, open_context
from flows.moments import in_utc
from flows.operations.line import Line, is_broken
from flows.operations.telling import keep_memory, news, read_memory, receivers, tell
from flows.operations.watch import watched
from flows.settings import alert_variables, mail_variables
from programme.watch import WatchRules, read_watch


def watch(
    once: Annotated[bool, typer.Option("--once", help="Look once and end; for cron or systemd.")] = False,
    every: Annotated[
        int, typer.Option(min=1, metavar="MINUTES", help="Without --once: look again after so long.")
    ] = 15,
    as_of: AsAt = None,
    as_json: AsJson = False,
) -> None:
    """Say whether every round has the version that is due.

    Where there is none, it says why. On the day before a deadline it looks whether the inputs are there and
    fresh. It needs no Prefect server, and tells where one that is named is dead. Alarms go by e-mail to
    CITY2CITY_ALERT_MAIL and to CITY2CITY_ALERT_WEBHOOK, each once a day. The exit status is 1 where there is
    one.
    """
    context = open_context()
    rules, to = read_watch(context.settings.programme), receivers(alert_variables())
    while True:
        now = in_utc(as_of or datetime.now(UTC))
        lines = watched(context, rules, now)
        _print(lines, as_json=as_json)
        if to:
            _tell(context, rules, lines, now)
        if once:
            break
        time.sleep(every * 60)
        context = open_context()
    if is_broken(lines):
        raise typer.Exit(1)


def _tell(context: AppContext, rules: WatchRules, lines: list[Line], now: datetime) -> None:
    """Tell what is new; what could not be told is told again the next time."""
    folder, again = context.settings.cache, timedelta(hours=rules.alarms.again_after_hours)
    found = news(lines, read_memory(folder), now, again)
    if not found.alarms and not found.settled:
        return
    faults = tell(receivers(alert_variables()), found, mail_variables())
    for fault in faults:
        print_error(fault)
    if not faults:
        keep_memory(folder, found.told)


def _print(lines: list[Line], *, as_json: bool) -> None:
    if as_json:
        print_json([asdict(line) for line in lines])
        return
    rows = [{"": line.health, "what": line.what, "found": line.found, "do": line.remedy} for line in lines]
    print_table(rows, show_all=True)
