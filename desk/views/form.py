"""A form by its parts, each cell with what was written where that was read as something else.

Belongs here: the order of the parts. Personal data: it is shown on one page and marked there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desk.views.points import Said, said
from programme.form import FormRules
from warehouse.dictionary.submissions import SUBMISSIONS

PARTS = {
    "A": "The city",
    "B": "Cohort, GCoM and climate plan",
    "C": "Who applies",
    "D": "Topics and action",
    "E": "Stakeholders and experience",
    "F": "Preferred partners",
}
"""The parts of the form, as its sections are called here."""


@dataclass(frozen=True)
class Part:
    """A part of the form: its letter, its name, and its cells; whether it holds personal data."""

    letter: str
    name: str
    cells: tuple[Said, ...]
    personal: bool


def form_parts(
    cells: Mapping[str, Any], readings: Mapping[str, tuple[str, str]], form: FormRules
) -> list[Part]:
    """The form in the order of its parts; a blank cell is left out, a part without cells too."""
    found: dict[str, list[str]] = {letter: [] for letter in PARTS}
    for name in SUBMISSIONS.names:
        rules = form.submissions.get(name)
        letter = (rules.part if rules else "")[:1]
        if letter in found and (cells.get(name) not in (None, "", []) or name in readings):
            found[letter].append(name)
    return [
        Part(
            letter,
            PARTS[letter],
            tuple(said(names, cells, readings)),
            any(SUBMISSIONS[name].personal for name in names),
        )
        for letter, names in found.items()
        if names
    ]
