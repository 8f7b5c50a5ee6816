"""The list of applications, and the dossier of one: everything that is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from desk.access.guard import Posted, RefusedError, needs, posted
from desk.access.sessions import Session
from desk.addresses import named_by
from desk.rendering import evidence_of, is_part, office_of, round_now, show
from desk.views import applications as view
from desk.views.comparison import compared
from desk.views.decisions import OFFERED, about, decided
from desk.views.form import form_parts
from desk.views.points import line
from desk.work.answering import basis_of
from desk.work.office import RoundNow
from desk.work.point_evidence import linked_rows
from flows.published_versions import whole_versions
from pages.components.colours import topic_classes
from pages.views.cities import cities
from pages.views.credits import credits_for
from pages.views.firmness import firmness_of
from programme.vocabulary import OUTCOMES, REGISTERS, RULES
from warehouse.database.letter_states import letter_states
from warehouse.dictionary.published import MATCHING_FACTS
from warehouse.snapshots import read_table

router = APIRouter(prefix="/rounds/{round_id}/applications")
Reader = Annotated[Session, Depends(needs("read"))]
A_PAGE = 100


@router.get("")
def applications(
    request: Request,
    round_id: str,
    _session: Reader,
    standing: str = "",
    region: str = "",
    topic: str = "",
    place: str = "",
    sort: str = "city",
    page: int = 1,
) -> Response:
    """The applications, limited by fixed words; a text that is searched never stands in an address."""
    return _list(request, round_id, view.Filters(standing, region, topic, place, sort), page)


@router.post("")
def search(
    request: Request, round_id: str, _session: Reader, form: Annotated[Posted, Depends(posted)]
) -> Response:
    """The applications, also limited by a text."""
    fields = {name: form.text(name) for name in ("standing", "region", "topic", "place", "sort", "text")}
    return _list(request, round_id, view.Filters(**fields), form.number("page") or 1)


def _list(request: Request, round_id: str, filters: view.Filters, page: int) -> Response:
    now = round_now(request, round_id)
    labels = office_of(request).context.programme.topics.labels
    every = view.lines(now.version.tables, labels, [point.row["subject"] for point in now.open])
    found = view.chosen(every, filters)
    last = max(1, -(-len(found) // A_PAGE))
    page = min(max(page, 1), last)
    return show(
        request,
        "application_rows.html.j2" if is_part(request) else "applications.html.j2",
        round_id=round_id,
        here="applications",
        open_count=len(now.open),
        version=now.version,
        every=len(every),
        found=len(found),
        lines=found[(page - 1) * A_PAGE :][:A_PAGE],
        choices=view.choices(every),
        sorts=view.SORTS,
        filters=filters,
        page=page,
        last=last,
    )


@router.get("/{key}")
def dossier(request: Request, round_id: str, key: str, _session: Reader) -> Response:
    """Everything about one application."""
    now = round_now(request, round_id)
    application_id = named_by(key, now.version.applications)
    if application_id is None:
        raise RefusedError(
            404,
            "There is no such application",
            f"Version {now.version.number} of round {round_id} has no application by that id.",
            "Look for the city in the list of applications.",
        )
    return show(request, "application.html.j2", **_dossier(request, now, application_id))


def _dossier(request: Request, now: RoundNow, application_id: str) -> dict[str, Any]:
    version, tables = now.version, now.version.tables
    context, row = office_of(request).context, version.applications[application_id]
    labels = context.programme.topics.labels
    of_city = [one["application_id"] for one in version.applications.values() if _same_city(one, row)]
    unplaced = tables["unplaced"].filter(application_id=application_id).rows(named=True)
    return {
        "round_id": version.round_.id,
        "here": "applications",
        "open_count": len(now.open),
        "version": version,
        "row": row,
        "line": next(one for one in view.lines(tables, labels, ()) if one.id == application_id),
        "city": cities(tables)[application_id],
        "others": [one for one in of_city if one != application_id],
        "points": [line(one.row, one.answer) for one in now.points if one.row["subject"] == application_id],
        "rules": view.rules_of(tables, application_id),
        "links": view.links_of(tables, application_id),
        "scores": view.points_of(version.working("explanations"), application_id),
        "twinning": next((one for one in version.twinnings if application_id in _ids(one)), None),
        "unplaced": unplaced[0] if unplaced else None,
        "firmness": firmness_of(
            application_id,
            version.working("alternatives"),
            version.working("sufficient"),
            version.working("repairs"),
            placed=application_id in tables["twinning_members"]["application_id"],
        ),
        "credits": credits_for(MATCHING_FACTS.among(tables), application_id, labels),
        "preferences": tables["preferences"].filter(application_id=application_id).rows(named=True),
        "classes": topic_classes(context.programme.topics.ids),
        **_form(request, now, application_id),
        **_record(request, now, application_id),
    }


def _form(request: Request, now: RoundNow, application_id: str) -> dict[str, Any]:
    """The form of an application, and what the registers say beside it."""
    evidence, version = evidence_of(request), now.version
    form = evidence.form(version, application_id)
    if form is None:
        return {"form": None, "parts": [], "compared": []}
    rows, country = linked_rows(evidence, version, application_id), version.applications[application_id]
    return {
        "form": form,
        "parts": form_parts(form.cells, form.readings, office_of(request).context.programme.form),
        "compared": compared(form.cells, country["country_iso3"], rows.get("cohort"), rows.get("gcom")),
    }


def _record(request: Request, now: RoundNow, application_id: str) -> dict[str, Any]:
    """What was decided about an application, what versions changed, what it was written."""
    context, round_id = office_of(request).context, now.version.round_.id
    city_id = now.version.applications[application_id]["city_id"] or ""
    recorded = about(now.recorded.iter_rows(named=True), application_id, city_id)
    names = {name: city.name for name, city in cities(now.version.tables).items()}
    versions, left_out = whole_versions(context, round_id)
    changes = {number: read_table(context.storage, round_id, number, "changes") for number in versions}
    return {
        "left_out": left_out,
        "decisions": decided(recorded, names, now.in_force["decision_id"]),
        "basis": basis_of(recorded),
        "changes": view.changes_of(changes, application_id),
        "drafts": [
            one
            for one in context.ledger.open_points(round_id)
            if one["application_id"] == application_id and one["drafted_at"] is not None
        ],
        "letters": [
            one
            for one in letter_states(context.settings.database_url, round_id)
            if one.application_id == application_id
        ],
        "kinds": OFFERED,
        "rule_names": RULES,
        "outcomes": OUTCOMES,
        "registers": REGISTERS,
    }


def _same_city(one: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    return row["city_id"] is not None and one["city_id"] == row["city_id"]


def _ids(twinning: Any) -> list[str]:
    return [member.city.application_id for member in twinning.members]
