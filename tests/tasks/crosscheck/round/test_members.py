"""In a consortium, a row of the register that one member is linked to is no candidate for another member."""

from __future__ import annotations

import polars as pl
import pytest

from programme.linking import LinkingRules
from tasks.crosscheck.linkage.index import RegisterIndex
from tasks.crosscheck.round.link_overrides import SCHEMA as OVERRIDES
from tasks.crosscheck.round.queries import SCHEMA as QUERIES
from tasks.crosscheck.round.registers import link_by_rules

Links = dict[str, tuple[str, str | None]]
ALONE = "Springfield"
CASES = [
    (
        "alone, the name may be either",
        [ALONE],
        {},
        {ALONE: ("review", None)},
    ),
    (
        "the row of another member is none for it",
        ["Springfield, IL", ALONE],
        {},
        {"Springfield, IL": ("linked", "R5"), ALONE: ("review", None)},
    ),
    (
        "both rows are those of others",
        ["Springfield, IL", "Springfield, MA", ALONE],
        {},
        {"Springfield, IL": ("linked", "R5"), "Springfield, MA": ("linked", "R6"), ALONE: ("none", None)},
    ),
    (
        "a person linked another member",
        ["Nobody's Town", ALONE],
        {"Nobody's Town": "R6"},
        {ALONE: ("review", None)},
    ),
    (
        "a person said that another member has no row",
        ["Springfield, IL", ALONE],
        {"Springfield, IL": None},
        {ALONE: ("review", None)},
    ),
    (
        "one city twice: the surer name keeps the row",
        ["Torino", "Comune di Torino"],
        {},
        {"Torino": ("linked", "R1"), "Comune di Torino": ("review", None)},
    ),
]


def linked(
    members: list[str], decided: dict[str, str | None], index: RegisterIndex, rules: LinkingRules
) -> dict[str, dict[str, object]]:
    country = "ITA" if "Torino" in members else "USA"
    queries = pl.DataFrame(
        [("S1", "gcom", name, name, country, None) for name in members], schema=QUERIES, orient="row"
    )
    other = pl.DataFrame([("S2", "gcom", ALONE, ALONE, "USA", None)], schema=QUERIES, orient="row")
    overrides = pl.DataFrame(
        [("S1", "gcom", name, "d1", row) for name, row in decided.items()], schema=OVERRIDES, orient="row"
    )
    links = link_by_rules(pl.concat([queries, other]), {"gcom": index}, rules, overrides)
    assert links.filter(application_id="S2")["outcome"].to_list() == ["review"], (
        "another application is not touched"
    )
    return {row["member_name"]: row for row in links.filter(application_id="S1").iter_rows(named=True)}


@pytest.mark.parametrize(
    ("members", "decided", "expected"), [pytest.param(*each[1:], id=each[0]) for each in CASES]
)
def test_what_each_member_is_linked_to(
    members: list[str],
    decided: dict[str, str | None],
    expected: Links,
    index: RegisterIndex,
    rules: LinkingRules,
) -> None:
    for order in (members, members[::-1]):
        found = linked(order, decided, index, rules)
        assert {name: (found[name]["outcome"], found[name]["register_id"]) for name in expected} == expected


TAKEN = [
    ("by the rules", ["Springfield, IL", ALONE], {}, "R5", "R6"),
    ("by a person", ["Nobody's Town", ALONE], {"Nobody's Town": "R6"}, "R6", "R5"),
]


@pytest.mark.parametrize(
    ("members", "decided", "taken", "left"), [pytest.param(*each[1:], id=each[0]) for each in TAKEN]
)
def test_the_row_of_another_member_is_not_among_the_candidates(
    members: list[str],
    decided: dict[str, str | None],
    taken: str,
    left: str,
    index: RegisterIndex,
    rules: LinkingRules,
) -> None:
    evidence = str(linked(members, decided, index, rules)[ALONE]["evidence"])
    assert f"({left})" in evidence
    assert f"({taken})" not in evidence


def test_a_city_listed_twice_is_asked_about(index: RegisterIndex, rules: LinkingRules) -> None:
    found = linked(["Torino", "Comune di Torino"], {}, index, rules)["Comune di Torino"]
    assert str(found["evidence"]).startswith("R1 is the row of the member Torino: are the two one city?")
