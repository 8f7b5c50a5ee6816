"""The public edition: the twinnings, the selected cities, and counts. It may leave the house.

Belongs here: handing on what `pages/views/public.py` chose, and nothing else. Must stay out: points, reasons
and every city without a place.
"""

from __future__ import annotations

from dataclasses import dataclass

from pages.report.data import ReportData, filled
from pages.report.drawing import drawing
from pages.views.public import public_counts, public_headline, public_twinnings
from pages.views.twinnings import twinnings
from pages.views.words import day


@dataclass(frozen=True)
class PublicRound:
    """What is told of the round itself."""

    id: str
    title: str
    version: str
    starts: str
    approved: str | None


def public_report(data: ReportData) -> str:
    """The public report as HTML, the same text for the same version."""
    found = twinnings(data.tables, data.working, data.programme, data.round_)
    shown = public_twinnings(found)
    numbers = {one.id: one.number for one in shown}
    approval = data.approval
    about = PublicRound(
        id=data.round_.id,
        title=data.round_.title,
        version=str(data.package["version"]),
        starts=day(data.round_.twinnings_start),
        approved=day(approval.approved_at.date()) if approval else None,
    )
    return filled(
        "public.html.j2",
        round=about,
        headline=public_headline(shown),
        counts=public_counts(data.tables),
        twinnings=shown,
        drawing=drawing(found, data.programme, numbers=numbers),
    )
