"""The starters of an approved version: two files for each twinning."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from programme.programme import Programme
from programme.rounds import Round
from tasks.starter.calendar import calendar
from tasks.starter.member import twinnings_of
from tasks.starter.plan import make_plan
from tasks.starter.sessions import session_window
from tasks.starter.sheet import sheet
from warehouse.escapes import file_names


def starters(
    tables: Mapping[str, pl.DataFrame],
    *,
    programme: Programme,
    round_: Round,
    version: int,
    approved_at: datetime,
) -> dict[str, bytes]:
    """The sheet and the calendar of each twinning of a version, by file name.

    `tables` holds applications, twinnings and twinning_members; `approved_at` is zone-aware. The same input
    gives the same bytes.
    """
    rules, hours = programme.starter, programme.matchmaking.hours
    approved_on = approved_at.astimezone(round_.zone).date()
    window = session_window(round_, programme.rounds, hours.months, rules, approved_on)
    twinnings = twinnings_of(tables, programme.topics.labels)
    names = file_names([twinning.twinning_id for twinning in twinnings], "")
    files: dict[str, bytes] = {}
    for twinning in twinnings:
        plan = make_plan(twinning, window, (rules, hours), round_, version, approved_at)
        files[f"{names[twinning.twinning_id]}.md"] = sheet(plan, hours)
        files[f"{names[twinning.twinning_id]}.ics"] = calendar(plan)
    return files
