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
from flows.evaluation.returned import kept_returned
from flows.mailing.waiting import waiting_points
from flows.moments import in_utc
from pages.views.waiting import ANSWERS, RECORD, WHY, open_points_text
from tasks.decisions.approvals import pin_text, pinned_version, rollbacks_to_nothing
from tasks.decisions.confirmations import decisions_in_force
from tasks.decisions.findings import undos_of_nothing
from tasks.eligibility.conditions import conditions
from tasks.publish.open_points import NAMES, count_by_kind, replaced_forms
from warehouse.snapshots import latest_version, read_tables

COLUMNS = ["application_id", "city_name", "country_iso3", "rule", "evidence"]
Rows = list[dict[str, Any]]


class Part(StrEnum):
    """What JSON holds: one of the lists that are printed one after the other."""

    OPEN = "open"
    CONDITIONS = "conditions"
    OFFERS = "offers"
    REPLACED = "replaced"
    WORKBOOKS = "workbooks"


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
    Then follow the evaluators' workbooks that a person must choose from (workbooks), what tentative cities
    still have to bring (conditions), the forms that another one stands in the place of (replaced), and who of
    an earlier round could take part (offers). With --workbook the open points are written for people without
    the terminal or the desk.
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
    offers, workbooks = carry_over_offers(context, round_id), _workbooks_to_choose(context, round_id)
    version = latest_version(context.storage, context.round(round_id).id)
    if version is None and not (offers or workbooks or part is Part.WORKBOOKS):
        version = context.latest_version(round_id)
    tables = read_tables(context.storage, round_id, version) if version else None
    in_force = decisions_in_force(context.ledger.decisions(round_id))
    now = in_utc(as_of) if as_of else datetime.now(UTC)
    points = waiting_points(context, context.round(round_id), tables, in_force, now) if tables else None
    lists = {
        Part.OPEN: points.rows(named=True) if points is not None else [],
        Part.CONDITIONS: _conditions(context, round_id, tables, as_of) if tables else [],
        Part.OFFERS: offers,
        Part.REPLACED: replaced_forms(tables["applications"]).rows(named=True) if tables else [],
        Part.WORKBOOKS: workbooks,
    }
    if as_json:
        print_json(lists[part])
        return
    if (pin := pinned_version(in_force, round_id, version)) is not None:
        print_text(pin_text(round_id, pin))
    title = f"Round {round_id}, version {version}" if version else f"Round {round_id}, no version yet"
    print_table(lists[Part.OPEN], list(NAMES), title=title, show_all=show_all)
    _print_how_to_answer(context, round_id, points)
    _print_workbooks(round_id, workbooks, show_all=show_all)
    _print_others(round_id, lists, show_all=show_all)


def _print_how_to_answer(context: AppContext, round_id: str, points: pl.DataFrame | None) -> None:
    recorded = context.ledger.decisions(round_id)
    latest = latest_version(context.storage, round_id)
    nothing = rollbacks_to_nothing(decisions_in_force(recorded), round_id, latest)
    for finding in [*undos_of_nothing(recorded), *nothing]:
        print_error(f"Note: decision {finding.row_key}: {finding.message}")
    counts = {} if points is None else count_by_kind(points)
    print_text(open_points_text(counts))
    for kind in counts:
        print_text(f"{kind.replace('_', ' ')}: {ANSWERS[kind].format(round=round_id)}")


def _workbooks_to_choose(context: AppContext, round_id: str) -> Rows:
    """The evaluators' workbooks of which none counts until a person chooses, as they came back last."""
    back = kept_returned(context, round_id)
    return back.filter(pl.col("standing").is_in(["waits", "unproven"])).rows(named=True)


def _print_workbooks(round_id: str, workbooks: Rows, *, show_all: bool) -> None:
    if not workbooks:
        return
    title = "Evaluators' workbooks that count only if you choose them; then collect them again"
    print_table(
        workbooks, ["evaluator_id", "files", "sent_at", "differences", "why"], title=title, show_all=show_all
    )
    for one in workbooks:
        evaluator = one["evaluator_id"] or "EVALUATOR"
        command = f"{RECORD.format(round=round_id)} choose {evaluator} {one['sha256']} {WHY}"
        print_text(f"{one['files']}: {command}")


def _print_others(round_id: str, lists: Mapping[Part, Rows], *, show_all: bool) -> None:
    """What is no open point: conditions still to be met, forms that count no more, and who may take part."""
    outstanding, replaced, offers = (lists[part] for part in (Part.CONDITIONS, Part.REPLACED, Part.OFFERS))
    if outstanding:
        title = "What tentative cities still have to bring"
        print_table(outstanding, [*COLUMNS, "due", "overdue"], title=title, show_all=show_all)
    if replaced:
        title = "Forms that another one of their city stands in the place of"
        print_table(replaced, COLUMNS, title=title, show_all=show_all)
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
