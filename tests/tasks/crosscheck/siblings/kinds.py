"""All kinds of siblings with what is wanted of each, and how they are counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.linkage.index import RegisterIndex, build_index
from tasks.crosscheck.linkage.linker import link_names
from tests.tasks.crosscheck.siblings import damaged, mixed, namesakes
from tests.tasks.crosscheck.siblings.drawing import Drawn


@dataclass(frozen=True)
class Kind:
    """`make` takes the material and the most queries. Of these at least `right` must be linked to the row
    meant (or, where `to_a_person`, go to a person), and at most `wrong` be linked otherwise.
    """

    make: Callable[[Drawn, int], pl.DataFrame]
    wrong: float
    right: float = 0.0
    to_a_person: float = 0.0


KINDS = {
    "another place's inhabitants": Kind(namesakes.others_figure, wrong=0.02),
    "another place's inhabitants, within a factor of 2": Kind(namesakes.others_near_figure, wrong=0.02),
    "a larger namesake, no inhabitants": Kind(namesakes.larger_without_figure, wrong=0.05),
    "the own inhabitants": Kind(namesakes.own_figure, wrong=0.01, right=0.97),
    "clearly the larger, no inhabitants": Kind(namesakes.own_clearly_larger, wrong=0.02, right=0.8),
    "another place's name, near an alias": Kind(damaged.near_an_alias, wrong=0.02),
    "two cities": Kind(mixed.two_cities, wrong=0.01, to_a_person=0.95),
    "no place and a city": Kind(mixed.junk_and_city, wrong=0.01, to_a_person=0.95),
    "two cities joined by a word": Kind(mixed.joined_cities, wrong=0.01, to_a_person=0.95),
    "a company in brackets": Kind(mixed.company_in_brackets, wrong=0.01, to_a_person=0.95),
    "the code of a state abroad": Kind(mixed.state_abroad, wrong=0.01, to_a_person=0.95),
    "the own country in front": Kind(mixed.country_in_front, wrong=0.01, right=0.95),
    "lost letters": Kind(damaged.lost_letters, wrong=0.01, right=0.95),
    "UTF-8 misread": Kind(damaged.misread, wrong=0.01, right=0.95),
    "another code page": Kind(damaged.other_page, wrong=0.01, right=0.95),
    "detached marks": Kind(damaged.detached_marks, wrong=0.01, right=0.95),
    "another country or state": Kind(mixed.other_country, wrong=0.01, to_a_person=0.9),
    "the own country": Kind(mixed.own_country, wrong=0.01, right=0.95),
    "a department and its municipality": Kind(mixed.unit_and_city, wrong=0.01, right=0.9),
    "unknown words, the same inhabitants": Kind(mixed.unknown_words, wrong=0.01, to_a_person=0.95),
    "initials, the same inhabitants": Kind(mixed.initials, wrong=0.01, to_a_person=0.95),
    "four letters, one other": Kind(damaged.four_letters, wrong=0.02),
    "no names": Kind(mixed.no_names, wrong=0.01),
    "short names with an error": Kind(damaged.short_with_error, wrong=0.01, right=0.8),
}
REGISTERS = {
    "a city and a larger body": (namesakes.twin_register, Kind(namesakes.own_figure, wrong=0.01, right=0.9)),
    "one name in two provinces": (
        namesakes.region_register,
        Kind(namesakes.own_figure, wrong=0.0, to_a_person=0.95),
    ),
}
"""Kinds that need a register of their own."""


@dataclass(frozen=True)
class Count:
    """Shares of the queries of a kind, and those that are linked wrongly or not as wanted."""

    asked: int
    right: float
    wrong: float
    to_a_person: float
    missed: pl.DataFrame

    def short_of(self, kind: Kind) -> bool:
        """Whether less is reached than is wanted."""
        return self.wrong > kind.wrong or self.right < kind.right or self.to_a_person < kind.to_a_person


def count(queries: pl.DataFrame, index: RegisterIndex, rules: LinkingRules) -> Count:
    """How the queries are answered."""
    numbered = queries.drop("register_id").with_row_index("query_id")
    answers = link_names(numbered, index, rules)
    both = pl.concat(
        [queries, answers.select("outcome", "evidence", linked_to="register_id")], how="horizontal"
    )
    linked = pl.col("outcome") == "linked"
    right = (linked & (pl.col("linked_to") == pl.col("register_id"))).fill_null(value=False)
    both = both.with_columns(right=right, wrong=linked & ~right)
    size = max(1, both.height)
    return Count(
        asked=both.height,
        right=both["right"].sum() / size,
        wrong=both["wrong"].sum() / size,
        to_a_person=(both["outcome"] == "review").sum() / size,
        missed=both.filter(~pl.col("right")).drop("right"),
    )


def count_kinds(
    drawn: Drawn, index: RegisterIndex, rules: LinkingRules, most: int
) -> dict[str, tuple[Kind, Count]]:
    """Every kind with its count; kinds of which the register gives no query are left out."""
    counted = {}
    for name, kind in KINDS.items():
        queries = kind.make(drawn, most)
        if queries.height:
            counted[name] = (kind, count(queries, index, rules))
    for name, (make, kind) in REGISTERS.items():
        register, queries = make(drawn, most)
        counted[name] = (kind, count(queries, build_index(register, drawn.gazetteer, rules), rules))
    return counted
