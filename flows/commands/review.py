"""`city2city review`: what waits for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import polars as pl
import typer

from flows.carried import carry_over_offers
from flows.commands.options import AsAt, AsJson, RoundId, ShowAll
from flows.commands.review_files import By, CollectFile, WorkbookFile, collect_answers, write_workbook
from flows.console import print_error, print_json, print_table, print_text
from flows.context import AppContext, open_context
from flows.mailing.waiting import waiting_points
from flows.moments import in_utc
from pages.views.waiting import ANSWERS, WHY, open_points_text
from tasks.decisions.effective import effective_decisions
from tasks.decisions.findings import undos_of_nothing
from tasks.eligibility.conditions import conditions
from tasks.publish.open_points import NAMES, count_by_kind
from warehouse.snapshots import latest_version, read_tables

COLUMNS = ["application_id", "city_name", "country_iso3", "rule", "evidence"]
Rows = list[dict[str, Any]]


class Part(StrEnum):
    """What JSON holds: one of the lists that are printed one after the other."""

    OPEN = "open"
    CONDITIONS = "conditions"
    OFFERS = "offers"


def review(
    round_id: RoundId,
    as_of: AsAt = None,
    workbook: WorkbookFile = None,
    collect: CollectFile = None,
    by: By = None,
    part: Annotated[Part, typer.Option("--part", help="Which list --json prints.")] = Part.OPEN,
    show_all: ShowAll = False,
    as_json: AsJson = False,
) -> None:
    """List what waits for a person, the most urgent first.

    The open points are those of the round's latest version: first the confirmed twinnings that lost a city.
    Then follow what tentative cities still have to bring (conditions), and who of an earlier round could take
    part (offers). With --workbook the open points are written for people without the terminal or the desk.
    """
    context = open_context()
    if workbook is not None:
        write_workbook(context, round_id, workbook)
        return
    if collect is not None:
        collect_answers(context, round_id, collect, by, as_json=as_json)
        return
    _print_review(context, round_id, as_of, part, show_all=show_all, as_json=as_json)


def _print_review(
    context: AppContext, round_id: str, as_of: datetime | None, part: Part, *, show_all: bool, as_json: bool
) -> None:
    offers = carry_over_offers(context, round_id)
    version = latest_version(context.storage, context.round(round_id).id)
    if version is None and not offers:
        version = context.latest_version(round_id)
    tables = read_tables(context.storage, round_id, version) if version else None
    decided = effective_decisions(context.ledger.decisions(round_id))
    now = in_utc(as_of or datetime.now(UTC))
    round_ = context.round(round_id)
    points = waiting_points(context, round_, tables, decided, now) if tables else None
    outstanding = _conditions(context, round_id, tables, as_of) if tables else []
    rows = points.rows(named=True) if points is not None else []
    if as_json:
        print_json({Part.OPEN: rows, Part.CONDITIONS: outstanding, Part.OFFERS: offers}[part])
        return
    print_table(
        rows,
        list(NAMES),
        title=f"Round {round_id}, version {version}" if version else f"Round {round_id}, no version yet",
        show_all=show_all,
    )
    _print_how_to_answer(context, round_id, points)
    _print_others(round_id, outstanding, offers, show_all=show_all)


def _print_how_to_answer(context: AppContext, round_id: str, points: pl.DataFrame | None) -> None:
    for finding in undos_of_nothing(context.ledger.decisions(round_id)):
        print_error(f"Note: decision {finding.row_key}: {finding.message}")
    counts = {} if points is None else count_by_kind(points)
    print_text(open_points_text(counts))
    for kind in counts:
        print_text(f"{kind.replace('_', ' ')}: {ANSWERS[kind].format(round=round_id)}")


def _print_others(round_id: str, outstanding: Rows, offers: Rows, *, show_all: bool) -> None:
    """What is no open point: conditions that are still to be met, and who may take part."""
    if outstanding:
        title = "What tentative cities still have to bring"
        print_table(outstanding, [*COLUMNS, "due", "overdue"], title=title, show_all=show_all)
    if offers:
        title = "Not placed in an earlier round: these cities may take part in this one if they agree"
        print_table(offers, COLUMNS, title=title, show_all=show_all)
        print_text(f"Where a city agrees: city2city decide {round_id} carry_over APPLICATION {WHY}")


def _conditions(
    context: AppContext, round_id: str, tables: Mapping[str, pl.DataFrame], as_of: datetime | None
) -> list[dict[str, Any]]:
    """Conditions as rows: `evidence` is what is still to come."""
    round_, now = context.round(round_id), in_utc(as_of or datetime.now(UTC))
    today = now.astimezone(round_.zone).date()
    found = conditions(tables, round_, context.programme.eligibility, today)
    return [{**asdict(one), "evidence": one.what} for one in found]
