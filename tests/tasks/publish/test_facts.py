"""A version as plain facts."""

from __future__ import annotations

import polars as pl

from tasks.publish.changes import changes
from tasks.publish.facts import FACTS, facts
from tests.tasks.eligibility.making import World
from tests.tasks.publish.making import origin
from warehouse.dictionary.published import (
    FINDINGS,
    PUBLISHED_TABLES,
)


def test_facts_are_unique_and_none_of_an_empty_version():
    empty = {name: table.empty() for name, table in PUBLISHED_TABLES.items()}
    assert facts(empty).schema == FACTS
    assert facts(empty).is_empty()


def test_a_consortiums_links_are_told_member_by_member(version):
    tables = version(World({"S1": {}}))
    second = tables["crosscheck"].filter(pl.col("register") == "gcom").with_columns(member_name=pl.lit("Two"))
    found = facts(tables | {"crosscheck": pl.concat([tables["crosscheck"], second])})
    links = found.filter(pl.col("what").str.starts_with("link"))["what"].to_list()
    assert sorted(links) == ["link to cohort", "link to gcom of S1", "link to gcom of Two"]
    assert not found.select(pl.struct("subject", "what").is_duplicated().any()).item()


def test_a_decision_without_effect_is_no_change(version):
    before = version(World({"S1": {}}))
    row = {
        "table": "decisions",
        "expectation": "decision_has_effect",
        "severity": "warn",
        "row_key": "d9",
        "message": "It names a form nobody sent.",
    }
    after = {**before, "findings": FINDINGS.frame([row])}
    assert changes(before, after, origin(), origin(decisions="ffff6666")).is_empty()
