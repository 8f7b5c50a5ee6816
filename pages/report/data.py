"""What a report is made of, and the frame of its page.

Belongs here: the one argument of both editions, and filling a template. Must stay out: what an edition says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
from markupsafe import Markup

from pages.components.environment import content_policy, environment, script, stylesheet
from pages.views.provenance import Approval
from programme.programme import Programme
from programme.rounds import Round

TEMPLATES = Path(__file__).parent / "templates"
WORKING = (
    "twinning_reasons",
    "twinning_sensitivity",
    "balance",
    "severities",
    "close_pairs",
    "alternatives",
    "sufficient",
    "repairs",
    "weights",
    "weight_pairs",
)
"""The working tables that a report reads; one that was not kept has no rows."""


@dataclass(frozen=True)
class ReportData:
    """A version and what belongs to it.

    `tables` are its tables, `working` those of `WORKING`, `package` is its descriptor; `released` are
    twinnings that a decision in force then says are not confirmed.
    """

    round_: Round
    programme: Programme
    tables: Mapping[str, pl.DataFrame]
    working: Mapping[str, pl.DataFrame]
    package: Mapping[str, Any]
    released: tuple[str, ...] = ()
    approval: Approval | None = field(default=None)


def filled(template: str, **values: object) -> str:
    """A page of this package, with stylesheet and script in it."""
    page = environment((TEMPLATES,)).get_template(template)
    # Both are files of this package; they are the only texts that are not escaped.
    own = {"stylesheet": Markup(stylesheet()), "script": Markup(script())}  # noqa: S704
    return page.render(policy=content_policy(), **own, **values) + "\n"
