"""The step `crosscheck` of a round: links of applicants to both registers, and the tables that follow.

Belongs here: the order of the work. Must stay out: the work itself (`round/`), and what a link means for
eligibility (step `eligibility`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import polars as pl

from programme.linking import LinkingRules
from programme.programme import Programme
from programme.vocabulary import Register
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.linkage.index import RegisterIndex, build_index
from tasks.crosscheck.round.cities import cities
from tasks.crosscheck.round.link_overrides import link_overrides
from tasks.crosscheck.round.mentions import mentions
from tasks.crosscheck.round.queries import is_group, register_queries, usable_submissions
from tasks.crosscheck.round.registers import (
    Link,
    apply_noted_ids,
    apply_overrides,
    link_by_rules,
    register_rows,
)
from tasks.crosscheck.round.resolver import make_resolver
from warehouse.dictionary.published import CROSSCHECK, FINDINGS

IndexOf = Callable[[pl.DataFrame, Gazetteer, LinkingRules], RegisterIndex]
"""Makes the index of a register: `build_index`, or a function that keeps indexes between runs."""


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
    link: Link | None = None,
) -> Crosschecked:
    """Link one round. Nothing that a row holds raises.

    The frames are tables of `warehouse/dictionary/inputs.py`; any of them may be empty. `decisions` holds the
    decisions in force only. `index_of` makes the index of a register, `link` links names elsewhere.
    """
    rules = programme.linking
    forms = usable_submissions(submissions).with_columns(is_group=is_group())
    files: dict[Register, pl.DataFrame] = {"cohort": cohort, "gcom": gcom}
    registers = {name: register_rows(rows, name) for name, rows in files.items()}
    indexes = {name: index_of(register, gazetteer, rules) for name, register in registers.items()}
    queries = register_queries(forms, rules)
    ids: dict[str, pl.Series] = {name: rows["register_id"] for name, rows in registers.items()}
    decided = link_overrides(decisions, queries, ids)
    others = link and partial(_linked_elsewhere, link, registers, indexes, rules)
    links = link_by_rules(queries, indexes, rules, decided.overrides, others)
    links = apply_noted_ids(links, cohort, gcom, forms.filter("is_group")["submission_id"], indexes["gcom"])
    links = apply_overrides(links, decided.overrides)
    located = cities(forms, links, registers, gazetteer, rules, programme.regions)
    typed = forms.select("population", application_id="submission_id", typed="city_name")
    resolver = make_resolver(located.table, typed, cohort, indexes, gazetteer, rules)
    mentioned = mentions(forms, located.table, collaborations, resolver, programme.topics.ids)
    told = pl.concat([decided.findings, mentioned.findings, located.findings])
    return Crosschecked(
        CROSSCHECK.conform(links),
        located.table,
        mentioned.preferences,
        mentioned.cooperations,
        FINDINGS.conform(told),
    )


def _linked_elsewhere(
    link: Link,
    registers: Mapping[Register, pl.DataFrame],
    indexes: Mapping[Register, RegisterIndex],
    rules: LinkingRules,
    register: Register,
    asked: pl.DataFrame,
) -> pl.DataFrame:
    return link(asked, registers[register], indexes[register], rules)
