"""Everything that a person needs to answer one point, gathered from version, form and registers.

Belongs here: what is read for a point. Must stay out: how each part is made (`desk/views`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desk.views.comparison import Compared, compared
from desk.views.points import HAS_REGISTERS
from desk.views.registers import Candidate, RegisterRow, candidates, register_row
from desk.views.small_map import SmallMap, small_map
from desk.work.evidence import Evidence, Form
from desk.work.office import Point, RoundNow, Version
from pages.views.answers import Answer, answers
from programme.vocabulary import REGISTERS, Register

CLAUSES = {"unconfirmed": "3.6", "place": "3.3.4", "at_risk": "3.2", "disputed": "3.5", "consent": "2.3"}
"""The clauses of the FAQ for kinds of points that are no rule."""


SEVERAL_FORMS = ("contested", "replaced")
"""Kinds of points about several forms of one city."""


@dataclass(frozen=True)
class Gathered:
    """What belongs to a point: its form, the other forms of its city (where they matter), rows that may be
    the city, the answers, form and registers side by side, a map, and the clauses that it rests on.
    """

    form: Form | None
    others: Sequence[tuple[str, Form]]
    candidates: Sequence[Candidate]
    answers: tuple[Answer, ...]
    compared: Sequence[Compared]
    map: SmallMap | None
    clauses: str


def gathered(evidence: Evidence, now: RoundNow, point: Point) -> Gathered:
    """Gather it for a point of the round as it stands."""
    version, subject = now.version, str(point.row["subject"])
    application = version.applications.get(subject)
    form = evidence.form(version, subject) if application else None
    found = _candidates(evidence, version, point, application, form) if application else []
    return Gathered(
        form,
        _others(evidence, version, point),
        found,
        answers(point.row, version.tables, [one.row.id for one in found]),
        _compared(evidence, version, application, form) if point.row["about"] in HAS_REGISTERS else [],
        small_map(_place(application), [(one.row.name, one.row.position) for one in found])
        if found
        else None,
        _clauses(version, point),
    )


def linked_rows(evidence: Evidence, version: Version, application_id: str) -> dict[Register, RegisterRow]:
    """The rows that an application is linked to, by register."""
    links = version.tables["crosscheck"].filter(application_id=application_id, outcome="linked")
    ids = {row["register"]: row["register_id"] for row in links.iter_rows(named=True)}
    rows = {}
    for register in REGISTERS:
        frame = evidence.register(version, register) if register in ids else None
        row = None if frame is None else register_row(frame, register, ids[register])
        if row is not None:
            rows[register] = row
    return rows


def position_of(application: Mapping[str, Any]) -> tuple[float, float] | None:
    """Where the city of an application lies, in degrees north and east."""
    latitude, longitude = application["latitude"], application["longitude"]
    return None if latitude is None or longitude is None else (latitude, longitude)


def _others(evidence: Evidence, version: Version, point: Point) -> list[tuple[str, Form]]:
    """The other forms of the city that a point is about, by application."""
    own = version.applications.get(str(point.row["subject"]))
    if own is None or own["city_id"] is None or point.row["kind"] not in SEVERAL_FORMS:
        return []
    same = [
        row for row in version.applications.values() if row["city_id"] == own["city_id"] and row is not own
    ]
    forms = {row["application_id"]: evidence.form(version, row["application_id"]) for row in same}
    return [(name, form) for name, form in sorted(forms.items()) if form is not None]


def _place(application: Mapping[str, Any] | None) -> tuple[str, tuple[float, float]] | None:
    position = position_of(application) if application else None
    return (str(application["city_name"] or ""), position) if application and position else None


def _register_of(point: Point) -> Register | None:
    """The register that a point is about."""
    about = point.row["about"] if point.row["kind"] in ("link", "rule") else None
    return next((register for register in REGISTERS if register == about), None)


def _candidates(
    evidence: Evidence, version: Version, point: Point, application: Mapping[str, Any], form: Form | None
) -> list[Candidate]:
    register = _register_of(point)
    frame = evidence.register(version, register) if register else None
    if register is None or frame is None:
        return []
    typed = form.cells.get("city_name") if form else None
    return candidates(
        frame,
        register,
        name=str(typed or application["city_name"] or ""),
        country=application["country_iso3"],
        evidence=str(point.row["evidence"]),
        position=position_of(application),
    )


def _compared(
    evidence: Evidence, version: Version, application: Mapping[str, Any] | None, form: Form | None
) -> list[Compared]:
    if form is None or application is None:
        return []
    rows = linked_rows(evidence, version, application["application_id"])
    return compared(form.cells, application["country_iso3"], rows.get("cohort"), rows.get("gcom"))


def _clauses(version: Version, point: Point) -> str:
    checks = version.tables["eligibility_checks"]
    found = checks.filter(application_id=point.row["subject"], rule=point.row["about"])
    return str(found["clause"][0]) if found.height else CLAUSES.get(point.row["kind"], "")
