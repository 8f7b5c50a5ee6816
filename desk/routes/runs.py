"""Starting a run and following it; versions, comparing two of them, their reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from desk.access.guard import Posted, RefusedError, needs, posted
from desk.access.sessions import Session
from desk.addresses import address
from desk.rendering import go, is_part, office_of, show
from desk.views.season import run_line
from desk.work.runs import Runs, StartedRun
from flows.announcement import announcement
from flows.context import AppContext
from flows.published_versions import read_version
from flows.replay import changes_between
from flows.report import make_report
from flows.standing import round_standing
from pages.components.environment import content_policy
from pages.views.cities import cities
from pages.views.funnel import funnel, headline
from pages.views.provenance import inputs_of, provenance
from programme.vocabulary import GATES
from warehouse.dictionary import PUBLISHED_TABLES
from warehouse.snapshots import DamagedVersionError, list_versions, read_package

router = APIRouter(prefix="/rounds/{round_id}")
Reader = Annotated[Session, Depends(needs("read"))]
Decider = Annotated[Session, Depends(needs("decide"))]
Form = Annotated[Posted, Depends(posted)]
NEVER = "ledger_incomplete"
"""The gate that nobody can let pass."""


def runs_of(request: Request) -> Runs:
    """The runs of the app that a request came to."""
    runs: Runs = request.app.state.runs
    return runs


@router.get("/runs")
def runs(request: Request, round_id: str, _session: Reader) -> Response:
    """Runs and versions of a round, and the form to start one."""
    office, context = office_of(request), office_of(request).context
    round_ = context.round(round_id)
    numbers = list_versions(context.storage, round_id)
    now = office.now_if_whole(round_id) if numbers else None
    published = {row["version"]: row["published_at"] for row in context.ledger.versions(round_id)}
    return show(
        request,
        "runs.html.j2",
        round_id=round_id,
        here="runs",
        open_count=len(now.open) if now else 0,
        round=round_,
        pending=len(now.pending) if now else 0,
        versions=[
            (number, _package(context, round_id, number), published.get(number))
            for number in reversed(numbers)
        ],
        here_started=runs_of(request).of_round(round_id),
        history=[run_line(row) for row in context.ledger.runs(round_id)],
        gates=[gate for gate in GATES if gate != NEVER],
        gaps=office.gaps(round_id),
    )


def _package(context: AppContext, round_id: str, number: int) -> Mapping[str, Any]:
    """What a version says of itself; of a damaged one what is to be done."""
    try:
        return read_package(context.storage, round_id, number)
    except DamagedVersionError as error:
        return {"state": "damaged", "reason": " ".join(str(one) for one in error.problems)}


@router.post("/runs")
def start(request: Request, round_id: str, session: Decider, form: Form) -> Response:
    """Start a run, in the name of who has signed in."""
    round_ = office_of(request).context.round(round_id)
    accept = [gate for gate in form.texts("accept") if gate in GATES]
    reason = form.text("reason")
    if not reason:
        raise RefusedError(
            422,
            "A run needs a reason",
            "The reason is published with the version, so that everybody knows why it came to be.",
            "Say in a few words why the round is processed now, and name no person.",
        )
    run = runs_of(request).start(round_.id, reason, session.person.name, accept)
    return go(address("rounds", round_id, "runs", run.id))


@router.get("/runs/{run_id}")
def one_run(request: Request, round_id: str, run_id: str, _session: Reader) -> Response:
    """A run that was started here, as it goes on."""
    run = _found(request, round_id, run_id)
    template = "run_progress.html.j2" if is_part(request) else "run.html.j2"
    return show(request, template, round_id=round_id, here="runs", run=run)


def _found(request: Request, round_id: str, run_id: str) -> StartedRun:
    run = runs_of(request).find(run_id)
    if run is None or run.round_id != round_id:
        raise RefusedError(
            404,
            "This desk does not know that run",
            "It was started before the desk was, or elsewhere.",
            "The list of runs says how every run ended.",
        )
    return run


@router.get("/versions/{number}")
def version(request: Request, round_id: str, number: int, _session: Reader) -> Response:
    """A version: what it came to, what it was made from, and its tables to download."""
    office = office_of(request)
    found, now = office.version(round_id, number), office.now_if_whole(round_id)
    return show(
        request,
        "version.html.j2",
        round_id=round_id,
        here="runs",
        open_count=len(now.open) if now else 0,
        version=found,
        headline=headline(found.tables, 0),
        funnel=funnel(found.tables),
        provenance=provenance(found.package, None, office.context.programme.fingerprint),
        inputs=inputs_of(found.package),
        tables=[(name, table.grain, found.tables[name].height) for name, table in PUBLISHED_TABLES.items()],
        page=announcement(office.context, found.round_, number, traced=False),
        approved=round_standing(office.context, found.round_, datetime.now(UTC)),
        approve_phrase=office.rules.phrases_for("any", "approve")[0],
        others=[one for one in list_versions(office.context.storage, round_id) if one != number],
    )


@router.get("/compare")
def compare(request: Request, round_id: str, _session: Reader, old: int, new: int) -> Response:
    """What changed between two versions, and why."""
    office = office_of(request)
    context = office.context
    first, second = office.version(round_id, old), office.version(round_id, new)
    moved = changes_between(
        context, round_id, read_version(context, round_id, old), read_version(context, round_id, new)
    )
    named = {**cities(first.tables), **cities(second.tables)}
    return show(
        request,
        "compare.html.j2",
        round_id=round_id,
        here="runs",
        old=old,
        new=new,
        versions=list_versions(context.storage, round_id),
        rows=[
            {**row, "city": named[row["subject"]].name if row["subject"] in named else ""}
            for row in moved.iter_rows(named=True)
        ],
    )


@router.get("/versions/{number}/report")
def report(request: Request, round_id: str, number: int, _session: Reader, public: bool = False) -> Response:
    """The report of a version, under its own policy: its stylesheet and script are in it."""
    office_of(request).version(round_id, number)
    text = make_report(office_of(request).context, round_id, number, public=public)
    answer = HTMLResponse(text)
    answer.headers["Content-Security-Policy"] = f"{content_policy()}; frame-ancestors 'none'"
    if "download" in request.query_params:
        name = f"city2city-{round_id}-v{number}{'-public' if public else ''}.html"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
