"""The queue of open points, and one point with its answers."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from desk.access.guard import Posted, needs, posted
from desk.access.sessions import Session, Told
from desk.addresses import address
from desk.rendering import evidence_of, go, office_of, round_now, show
from desk.views import points
from desk.views.decisions import about, decided, in_a_sentence
from desk.work.answering import Given, answer_point, point_of, told_of
from desk.work.office import Point, RoundNow, Row
from desk.work.point_evidence import Gathered, gathered
from pages.components.colours import topic_classes
from pages.views.cities import cities
from pages.views.waiting import ANSWERS
from programme.clauses import cited
from tasks.decisions.kinds import AT_ONCE
from warehouse.dictionary.submissions import SUBMISSIONS

router = APIRouter(prefix="/rounds/{round_id}/queue")
Reader = Annotated[Session, Depends(needs("read"))]
Decider = Annotated[Session, Depends(needs("decide"))]
A_PAGE = 100
"""So many points of the queue stand on one page."""


@router.get("")
def queue(request: Request, round_id: str, _session: Reader, kind: str = "", page: int = 1) -> Response:
    """The open points, the most urgent first; `kind` shows those of one kind."""
    now = round_now(request, round_id)
    wanted = [point for point in now.open if kind in ("", point.row["kind"])]
    last = max(1, -(-len(wanted) // A_PAGE))
    page = min(max(page, 1), last)
    return show(
        request,
        "queue.html.j2",
        round_id=round_id,
        here="queue",
        version=now.version,
        kinds=points.counts([(point.row, point.answer) for point in now.points]),
        kind=kind,
        lines=[points.line(point.row, None) for point in wanted[(page - 1) * A_PAGE :][:A_PAGE]],
        answered=[points.line(point.row, point.answer) for point in now.answered],
        open_count=len(now.open),
        page=page,
        last=last,
        gaps=office_of(request).gaps(round_id),
    )


@router.get("/{point_id}")
def point_page(request: Request, round_id: str, point_id: str, session: Reader) -> Response:
    """One point, with all that a person needs to answer it."""
    now = round_now(request, round_id)
    point = point_of(now, point_id)
    found = gathered(evidence_of(request), now, point)
    also = office_of(request).also_at(round_id, point_id, session.person.name)
    return show(request, "point.html.j2", also=also, **_shown(request, now, point, found))


def _shown(request: Request, now: RoundNow, point: Point, found: Gathered) -> dict[str, Any]:
    office, row, version = office_of(request), point.row, now.version
    recorded = now.recorded.rows(named=True)
    names = {key: city.name for key, city in cities(version.tables).items()}
    hidden = office.blind and point.answer is None and row["kind"] == "link"
    city_id = version.applications.get(row["subject"], {}).get("city_id") or ""
    rows = found.candidates
    return {
        "round_id": version.round_.id,
        "here": "queue",
        "version": version,
        "point": point,
        "line": points.line(row, point.answer),
        **_place_of(now, point),
        "clauses": cited(office.clauses, found.clauses),
        **_of_forms(row, found),
        "compared": found.compared,
        "candidates": sorted(rows, key=lambda one: one.row.id) if hidden else rows,
        "hidden": hidden,
        "map": None if hidden else found.map,
        "answers": points.shown_answers(
            found.answers,
            row,
            version.tables,
            recorded,
            office.rules,
            {one.row.id: one.row.name for one in rows},
        ),
        "known": row["subject"] in version.applications,
        "earlier": decided(about(recorded, row["subject"], city_id), names, now.in_force["decision_id"]),
        "twinning": next((one for one in version.twinnings if one.id == row["subject"]), None),
        "evaluators": version.working("severities")["evaluator_id"].sort().to_list(),
        "at_once": point.answer is not None and point.answer["kind"] in AT_ONCE,
        "guidance": ANSWERS[row["kind"]].format(round=version.round_.id) if row["kind"] in ANSWERS else "",
        "classes": topic_classes(office.context.programme.topics.ids),
    }


def _place_of(now: RoundNow, point: Point) -> dict[str, Any]:
    """Where a point stands in the queue, and the open points before and after it."""
    order, still_open = [one.id for one in now.points], [one.id for one in now.open]
    before, after = points.neighbours(still_open, point.id, order)
    return {
        "place": order.index(point.id) + 1,
        "count": len(order),
        "open_count": len(still_open),
        "before": before,
        "after": after,
    }


def _of_forms(row: Row, found: Gathered) -> dict[str, Any]:
    """What the form of a point says of its matter, and what the other forms of its city say."""
    columns, form = points.COLUMNS.get(row["about"], ()), found.form
    return {
        "form": form,
        "said": points.said(columns, form.cells, form.readings) if form else [],
        "others": [(name, points.said(columns, one.cells, one.readings)) for name, one in found.others],
        "personal": any(SUBMISSIONS[name].personal for name in columns),
    }


@router.post("/{point_id}")
def answer(
    request: Request,
    round_id: str,
    point_id: str,
    session: Decider,
    form: Annotated[Posted, Depends(posted)],
) -> Response:
    """Record an answer and go to the next open point."""
    now = round_now(request, round_id)
    point = point_of(now, point_id)
    name = form.text("answer")
    extra, reason = form.text(f"extra {name}"), form.text("reason") or form.text("phrase")
    offered = gathered(evidence_of(request), now, point).answers
    given = Given(name, extra, reason, form.text("seen"))
    _, recorded = answer_point(office_of(request), round_id, point_id, offered, given, session.person)
    words = next(in_a_sentence(points.decision_of(one, extra)) for one in offered if one.name == name)
    session.tell(
        Told(
            f"{points.line(point.row, None).city}: {words}.",
            told_of(recorded),
            undo=recorded.decision_id,
            round_id=round_id,
        )
    )
    order = [one.id for one in now.points]
    after = points.neighbours([one.id for one in now.open], point_id, order)[1]
    return go(address("rounds", round_id, "queue", *([after] if after else [])))
