"""What a check between the tables returns, and the sentences of a broken rule, word for word."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from tests.warehouse.published_tables import Tables, with_cell
from warehouse.dictionary import PUBLISHED_TABLES
from warehouse.snapshots.verify_rules import CHECKS, broken_rules


def _change(tables: Tables, table: str, **columns: object) -> Tables:
    return {**tables, table: tables[table].with_columns(**columns)}  # type: ignore[arg-type]


def _in(key: str, value: object, otherwise: str) -> pl.Expr:
    return pl.when(pl.col("application_id") == key).then(pl.lit(value)).otherwise(otherwise)


RULES: list[tuple[str, Callable[[Tables], Tables], list[str]]] = [
    (
        "every accepted application is judged, and no other",
        lambda t: _change(t, "applications", state=pl.lit("late")),
        ["A1", "A2", "A3", "A4", "A5"],
    ),
    (
        "every accepted application is judged, and no other",
        lambda t: _change(t, "applications", state=pl.lit("accepted")),
        ["A6"],
    ),
    (
        "every judged application has every rule checked once",
        lambda t: {**t, "eligibility_checks": t["eligibility_checks"].filter(application_id="A1")},
        ["A2", "A3", "A4", "A5"],
    ),
    (
        "every judged application has every rule checked once",
        lambda t: _change(t, "eligibility_checks", rule=_in("A2", "topic", "rule")),
        ["A2"],
    ),
    (
        "the status of an application follows from its rules",
        lambda t: _change(t, "eligibility", status=pl.lit("eligible")),
        ["A2", "A4"],
    ),
    (
        "only eligible and tentative applications are in a twinning",
        lambda t: _change(t, "eligibility", status=_in("A2", "needs_review", "status")),
        ["A2"],
    ),
    (
        "only eligible and tentative applications are in a twinning",
        lambda t: {**t, "eligibility": t["eligibility"].filter(pl.col("application_id") != "A1")},
        ["A1"],
    ),
    (
        "only eligible and tentative applications are ranked",
        lambda t: _change(t, "eligibility", status=pl.lit("ineligible")),
        ["A1", "A2", "A3", "A5"],
    ),
    (
        "a twinning has two or three cities, as many as it says",
        lambda t: {**t, "twinning_members": t["twinning_members"].clear()},
        ["T1"],
    ),
    (
        "a twinning has two or three cities, as many as it says",
        lambda t: _change(
            {**t, "twinning_members": t["twinning_members"].head(1)}, "twinnings", n_cities=pl.lit(1)
        ),
        ["T1"],
    ),
    (
        "a twinning has two or three cities, as many as it says",
        lambda t: _change(
            {
                **t,
                "twinning_members": pl.concat(
                    [t["twinning_members"].with_columns(city_id=pl.lit(f"C{n}")) for n in range(4)]
                ),
            },
            "twinnings",
            n_cities=pl.lit(4),
        ),
        ["T1"],
    ),
    (
        "a city is in one twinning",
        lambda t: _change(t, "twinning_members", city_id=pl.lit("UTM-A1")),
        ["UTM-A1", "UTM-A1"],
    ),
    (
        "the value of a twinning is the sum of its aspects",
        lambda t: _change(t, "twinnings", value=pl.col("value") - 2e-6),
        ["T1"],
    ),
    (
        "an application stands for the same city in every table",
        lambda t: _change(t, "eligibility", city_id=_in("A3", "UTM-A9", "city_id")),
        ["A3"],
    ),
    (
        "an application stands for the same city in every table",
        lambda t: _change(t, "applications", city_id=_in("A2", None, "city_id")),
        ["A2", "A2"],
    ),
    (
        "the topic of a twinning is one of each member's topics",
        lambda t: _change(t, "applications", topic_1=_in("A2", "ports", "topic_1")),
        ["A2"],
    ),
    (
        "a twinning is conditional exactly if a member is tentative",
        lambda t: _change(t, "eligibility", status=_in("A2", "eligible", "status")),
        ["T1"],
    ),
    (
        "points are at most what the criterion can give",
        lambda t: _change(t, "scores", points=_in("A1", 25.00001, "points")),
        ["A1"] * 5,
    ),
    (
        "an application is placed or unplaced, not both",
        lambda t: _change(t, "unplaced", application_id=pl.col("application_id").replace("A3", "A2")),
        ["A2"],
    ),
    (
        "a version with a stop finding is not published",
        lambda t: with_cell(t, "findings", 0, severity="stop"),
        ["known_region"],
    ),
]


@pytest.mark.parametrize(
    ("sentence", "change", "keys"),
    [pytest.param(*rest, id=f"{rest[0]}: {rest[2]}, {n}") for n, rest in enumerate(RULES)],
)
def test_a_check_returns_the_keys_that_break_it(
    tables: Tables, sentence: str, change: Callable[[Tables], Tables], keys: list[str]
) -> None:
    assert CHECKS[sentence](tables) == []
    assert sorted(CHECKS[sentence](change(tables))) == keys


KEPT = [
    (
        "the value of a twinning is the sum of its aspects",
        lambda t: _change(t, "twinnings", value=pl.col("value") + 5e-7),
    ),
    (
        "points are at most what the criterion can give",
        lambda t: _change(t, "scores", points=pl.col("max_points") + 5e-7),
    ),
    (
        "the topic of a twinning is one of each member's topics",
        lambda t: _change(t, "twinnings", topic=pl.lit("finance")),
    ),
    (
        "the topic of a twinning is one of each member's topics",
        lambda t: _change(
            _change(t, "twinnings", topic=pl.lit("ports")), "applications", topic_3=pl.lit("ports")
        ),
    ),
    (
        "a twinning has two or three cities, as many as it says",
        lambda t: _change(
            {
                **t,
                "twinning_members": pl.concat(
                    [t["twinning_members"].head(1).with_columns(city_id=pl.lit(f"C{n}")) for n in range(3)]
                ),
            },
            "twinnings",
            n_cities=pl.lit(3),
        ),
    ),
]


@pytest.mark.parametrize(
    ("sentence", "change"), KEPT, ids=[f"{n}: {sentence}" for n, (sentence, _) in enumerate(KEPT)]
)
def test_what_a_check_lets_pass(tables: Tables, sentence: str, change: Callable[[Tables], Tables]) -> None:
    assert CHECKS[sentence](change(tables)) == []


@pytest.mark.parametrize(("n", "more"), [(1, ""), (5, ""), (6, " and 1 more"), (9, " and 4 more")])
def test_the_sentence_of_a_broken_rule(n: int, more: str) -> None:
    frames = {name: table.empty() for name, table in PUBLISHED_TABLES.items()}
    keys = [f"key {number}" for number in range(n)]
    rows = [{"table": "t", "expectation": key, "severity": "stop", "message": ""} for key in keys]
    findings = PUBLISHED_TABLES["findings"].frame([*reversed(rows), *rows])
    told = f"a version with a stop finding is not published; not so: {', '.join(keys[:5])}{more}"
    assert broken_rules({**frames, "findings": findings}) == [told]


def test_the_sentence_of_a_reference_that_is_lost(tables: Tables) -> None:
    scores = tables["scores"].with_columns(application_id="Z" + pl.int_range(pl.len()).cast(pl.String))
    n, lost = scores.height, sorted(scores["application_id"])
    told = f"scores.application_id: {n} name no row of applications: {', '.join(lost[:5])}"
    assert broken_rules({**tables, "scores": scores}) == [told]
    members = tables["twinning_members"].with_columns(twinning_id=pl.lit("T9"))
    first = broken_rules({**tables, "twinning_members": members})[0]
    assert first == "twinning_members.twinning_id: 1 name no row of twinnings: T9"
