"""What the form says and what the registers say, side by side, with the differences marked.

Belongs here: which lines are compared, and when two values differ. Must stay out: which of them counts (the
registers outrank the form; a person decides what is unclear).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desk.views.registers import RegisterRow
from desk.views.texts import text_of
from pages.views.words import country_name, in_words

NEAR = 0.25
"""Two numbers of inhabitants agree where they differ by at most this share of the larger."""


@dataclass(frozen=True)
class Compared:
    """One line: what is compared, what the form, the cohort and the GCoM list say, and where a register
    differs from the form.
    """

    name: str
    form: str
    cohort: str
    gcom: str
    cohort_differs: bool = False
    gcom_differs: bool = False


def compared(
    form: Mapping[str, Any], country: str | None, cohort: RegisterRow | None, gcom: RegisterRow | None
) -> list[Compared]:
    """The lines for one application; `form` is its form as it was understood, `country` its ISO 3 code."""
    name, people = text_of(form.get("city_name")), form.get("population")
    claims_cohort, claims_gcom = form.get("cohort_status"), form.get("gcom_status")
    return [
        _names(name, cohort, gcom),
        _line("Country", country_name(country) if country else "", cohort, gcom, "country"),
        _inhabitants(people if isinstance(people, int) else None, cohort, gcom),
        Compared(
            "City Cohort",
            _claim(claims_cohort),
            _status(cohort),
            "",
            cohort_differs=_contradicts(claims_cohort, cohort, {"member": "member", "applied": "pending"}),
        ),
        Compared(
            "GCoM",
            _claim(claims_gcom),
            "",
            _status(gcom),
            gcom_differs=_contradicts(claims_gcom, gcom, {"signatory": "active"}),
        ),
        Compared("Row", "", cohort.id if cohort else "", gcom.id if gcom else ""),
    ]


def _names(name: str, cohort: RegisterRow | None, gcom: RegisterRow | None) -> Compared:
    own = name.casefold().strip()
    return Compared(
        "City",
        name,
        cohort.name if cohort else "",
        gcom.name if gcom else "",
        cohort_differs=cohort is not None and cohort.name.casefold().strip() != own,
        gcom_differs=gcom is not None and gcom.name.casefold().strip() != own,
    )


def _line(
    title: str, said: str, cohort: RegisterRow | None, gcom: RegisterRow | None, field: str
) -> Compared:
    theirs = [str(getattr(row, field)) if row else "" for row in (cohort, gcom)]
    differs = [bool(said and one and one != said) for one in theirs]
    return Compared(title, said, theirs[0], theirs[1], *differs)


def _inhabitants(said: int | None, cohort: RegisterRow | None, gcom: RegisterRow | None) -> Compared:
    figures = [row.population if row else None for row in (cohort, gcom)]
    differs = [
        said is not None and one is not None and abs(said - one) > NEAR * max(said, one) for one in figures
    ]
    return Compared("Inhabitants", text_of(said), text_of(figures[0]), text_of(figures[1]), *differs)


def _claim(value: Any) -> str:
    return in_words(text_of(value)) or "blank"


def _status(row: RegisterRow | None) -> str:
    if row is None:
        return "no row"
    return f"{in_words(row.status) or 'listed'}{f', since {row.since}' if row.since else ''}"


def _contradicts(claim: Any, row: RegisterRow | None, agrees: Mapping[str, str]) -> bool:
    """Whether the form claims more than the register has, or the register has more than the form claims."""
    if claim in agrees:
        return row is None or (row.status or "active") != agrees[claim]
    return row is not None and claim is not None
