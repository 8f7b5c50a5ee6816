"""The cross-check of a round: every applicant against both registers, and everything that follows from the
links.

Reads like the procedure; the work is in the neighbouring modules. Must stay out: what a link means for
eligibility (step `eligibility`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from programme.linking import LinkingRules
from programme.programme import Programme
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.linkage.index import RegisterIndex, build_index
from tasks.crosscheck.round.cities import cities
from tasks.crosscheck.round.link_overrides import link_overrides
from tasks.crosscheck.round.mentions import mentions
from tasks.crosscheck.round.queries import is_group, lookups, usable
from tasks.crosscheck.round.registers import by_rules, with_noted_ids, with_rulings
from tasks.crosscheck.round.resolve import resolver
from warehouse.dictionary.published import CROSSCHECK, FINDINGS

ID_COLUMNS = {"cohort": "utm_id", "gcom": "gcom_id"}
IndexOf = Callable[[pl.DataFrame, Gazetteer, LinkingRules], RegisterIndex]


@dataclass(frozen=True)
class Crosschecked:
    """The step's results, each a frame of the dictionary's table of that name."""

    crosscheck: pl.DataFrame
    cities: pl.DataFrame
    preferences: pl.DataFrame
    cooperations: pl.DataFrame
    findings: pl.DataFrame


def crosscheck(
    submissions: pl.DataFrame,
    cohort: pl.DataFrame,
    gcom: pl.DataFrame,
    collaborations: pl.DataFrame,
    decisions: pl.DataFrame,
    programme: Programme,
    gazetteer: Gazetteer,
    index_of: IndexOf = build_index,
) -> Crosschecked:
    """Link one round. The frames are those of `warehouse/dictionary/inputs.py`; any of them may be empty.
    Never raises for what a row holds.

    `index_of` makes the index of a register; pass `partial(index_cache.load, folder=...)` to keep them
    between runs.
    """
    rules = programme.linking
    forms = usable(submissions).with_columns(is_group=is_group())
    registers = {"cohort": as_register(cohort, "cohort"), "gcom": as_register(gcom, "gcom")}
    indexes = {name: index_of(register, gazetteer, rules) for name, register in registers.items()}

    asked = lookups(forms, rules)
    decided = link_overrides(
        decisions, asked, {name: register["register_id"] for name, register in registers.items()}
    )
    linked = by_rules(asked, indexes, rules)
    linked = with_noted_ids(linked, cohort, gcom, forms.filter("is_group")["submission_id"], indexes)
    linked = with_rulings(linked, decided.link_overrides)

    made = cities(forms, linked, registers, gazetteer, rules, programme.regions.by_country)
    typed = forms.select("population", application_id="submission_id", typed="city_name")
    known = resolver(made, typed, cohort, indexes, gazetteer, rules)
    said = mentions(forms, made, collaborations, known, programme.topics.ids)
    findings = FINDINGS.conform(pl.concat([decided.findings, said.findings]))
    return Crosschecked(CROSSCHECK.conform(linked), made, said.preferences, said.cooperations, findings)


def as_register(frame: pl.DataFrame, register: str) -> pl.DataFrame:
    """An input frame of the register `cohort` or `gcom` as `build_index` wants it."""
    return frame.rename({ID_COLUMNS[register]: "register_id"}).sort("register_id", "row")
