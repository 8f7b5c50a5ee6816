"""The entrance: a valid round has no findings, and what cannot be evaluated stops."""

from __future__ import annotations

import great_expectations.expectations as gxe
import polars as pl
import pytest
from great_expectations.expectations.expectation import Expectation

from expectations import adapter
from expectations.check import STAGE_NAMES, check, check_suite, has_stop, not_told_yet, stage_suites
from expectations.limits import RoundLimits
from expectations.messages import MOST_ROWS
from expectations.suites.common import expected
from expectations.table_suite import ALL_TABLES, TableSuite, columns_of
from programme.vocabulary import Severity
from tests.expectations.changes import Tables
from warehouse.dictionary.findings import Finding, findings_frame
from warehouse.dictionary.published import FINDINGS

SUITES = [
    (stage, n)
    for stage, suites in {
        "inputs": 9,
        "linked": 4,
        "eligibility": 4,
        "scores": 3,
        "twinnings": 6,
        "feedback": 1,
    }.items()
    for n in range(suites)
]


def _names(suite: TableSuite, limits: RoundLimits) -> list[str]:
    return list(dict.fromkeys(item.name for item in suite.expected(limits)))


@pytest.mark.parametrize("stage", STAGE_NAMES)
def test_a_valid_round_has_no_findings(stage, world: Tables, limits: RoundLimits) -> None:
    found = check(stage, world, limits)
    assert found.to_dicts() == []
    assert found.schema == FINDINGS.schema
    assert not has_stop(found)


def test_suites_are_counted() -> None:
    assert [(stage, n) for stage in STAGE_NAMES for n in range(len(stage_suites(stage)))] == SUITES


def test_an_unknown_stage_is_refused(world: Tables, limits: RoundLimits) -> None:
    with pytest.raises(KeyError):
        check("dreams", world, limits)  # type: ignore[arg-type]


@pytest.mark.parametrize("stage", STAGE_NAMES)
def test_empty_tables_break_only_what_counts_or_misses_rows(
    stage, world: Tables, limits: RoundLimits
) -> None:
    found = check(stage, {name: frame.clear() for name, frame in world.items()}, limits)
    assert set(found["expectation"]) == ({"row_count"} if stage in ("inputs", "feedback") else set())


@pytest.mark.parametrize(("stage", "number"), SUITES)
def test_a_table_that_is_not_there_stops(stage, number: int, world: Tables, limits: RoundLimits) -> None:
    suite = stage_suites(stage)[number]
    for name in suite.needs:
        others = {other: frame for other, frame in world.items() if other != name}
        found = check_suite(suite, suite.expected(limits), others)
        assert [(item.expectation, item.severity) for item in found] == [("tables_present", "stop")]
        assert name in found[0].message


def test_an_optional_table_may_be_absent(world: Tables, limits: RoundLimits) -> None:
    of_inputs = ("evaluations", "collaborations", "decisions", "corrections", "evaluators")
    optional = (*of_inputs, "named_partners", "cooperations")
    tables = {name: frame for name, frame in world.items() if name not in optional}
    assert [row for stage in STAGE_NAMES for row in check(stage, tables, limits).to_dicts()] == []


@pytest.mark.parametrize(("stage", "number"), SUITES)
def test_a_missing_column_stops_and_never_raises_or_passes(
    stage, number: int, world: Tables, limits: RoundLimits
) -> None:
    suite = stage_suites(stage)[number]
    if suite.table not in world:
        return
    asked = suite.expected(limits)
    for column in ALL_TABLES[suite.table].names:
        affected = {item.name for item in asked if column in columns_of(item.expectation)}
        if not affected:
            continue
        some = [item for item in asked if item.name in affected]
        found = check_suite(suite, some, world | {suite.table: world[suite.table].drop(column)})
        assert {item.expectation for item in found} == affected, column
        assert all("could not be evaluated" in item.message for item in found), column
        assert {item.severity for item in found} == {"stop"}, column


BROKEN = [
    pytest.param(
        gxe.ExpectColumnValuesToNotBeNull(column="no_such_column"),
        "there is no column no_such_column",
        id="column-missing",
    ),
    pytest.param(gxe.ExpectColumnValuesToBeBetween(column="name", max_value=3), "Error", id="wrong-type"),
    pytest.param(gxe.ExpectColumnValuesToMatchRegex(column="name", regex="("), "Arrow", id="wrong-pattern"),
]


@pytest.mark.parametrize(("native", "why"), BROKEN)
@pytest.mark.parametrize("severity", ["stop", "warn"])
def test_an_expectation_that_raised_is_a_stop_and_the_others_are_judged(
    native: Expectation, why: str, severity: Severity, world: Tables
) -> None:
    suite = next(suite for suite in stage_suites("inputs") if suite.name == "cohort")
    never = gxe.ExpectColumnValuesToBeInSet(column="name", value_set=["Atlantis"])
    natives = [
        *expected("broken", severity, "for the test", "name", "x", native, never),
        *expected("never", "warn", "for the test", "name", "no", never),
    ]
    found = check_suite(suite, suite.admit(natives), world)
    broken = [item for item in found if item.expectation == "broken"]
    assert [item.severity for item in broken] == ["stop"]
    assert why in broken[0].message
    assert "City" not in broken[0].message
    assert len([item for item in found if item.expectation == "never"]) == world["cohort"].height


def test_a_frame_that_cannot_be_made_stops_for_every_expectation(world: Tables, limits: RoundLimits) -> None:
    suite = next(suite for suite in stage_suites("scores") if suite.name == "ranking")
    found = check_suite(suite, suite.expected(limits), world | {"scores": world["scores"].drop("points")})
    names = _names(suite, limits)
    assert [(item.expectation, item.severity) for item in found] == [(name, "stop") for name in names]


def test_what_great_expectations_could_not_evaluate_is_a_stop(
    monkeypatch: pytest.MonkeyPatch, world: Tables, limits: RoundLimits
) -> None:
    monkeypatch.setattr(adapter, "_raised", lambda _: "MetricResolutionError")
    found = check("scores", world, limits)
    assert set(found["severity"]) == {"stop"}
    assert found.height == sum(len(_names(suite, limits)) for suite in stage_suites("scores"))


def test_a_column_of_another_type_is_a_stop_and_no_error(world: Tables, limits: RoundLimits) -> None:
    answers = world["submissions"].with_columns(data_consent=pl.lit("yes"))
    found = check("inputs", world | {"submissions": answers}, limits)
    assert found.filter(expectation="columns_as_described")["row_key"].to_list() == ["data_consent"]
    assert found.filter(expectation="data_consent_given").height == answers.height


def test_natives_of_one_message_make_one_finding_a_row(world: Tables, limits: RoundLimits) -> None:
    no_place = {"latitude": None, "longitude": None}
    cities = world["cities"].with_columns(pl.lit(None, pl.Float64).alias(name) for name in no_place)
    found = check("linked", world | {"cities": cities}, limits)
    assert found["expectation"].to_list() == ["position_found"] * cities.height
    assert sorted(found["row_key"]) == sorted(cities["application_id"])


def test_nulls_in_whole_numbers_neither_fail_nor_turn_into_fractions(
    world: Tables, limits: RoundLimits
) -> None:
    population = pl.Series("population", [None, 200_000, 2**53 + 1])
    tables = world | {"cohort": world["cohort"].with_columns(population)}
    found = check("inputs", tables, limits).filter(table="cohort")
    assert found["expectation"].to_list() == ["population_plausible"]
    assert "9007199254740993;" in found["message"][0]


def test_at_most_so_many_rows_are_listed_and_the_rest_is_counted(world: Tables, limits: RoundLimits) -> None:
    unknown = world["gcom"].with_columns(country_iso3=pl.lit(None, pl.String))
    many = pl.concat([unknown.with_columns(gcom_id=pl.lit(f"G{n:04}")) for n in range(150)])
    found = check("inputs", world | {"gcom": many}, limits).filter(expectation="country_recognised")
    assert found.height == MOST_ROWS + 1
    assert found["row_key"].null_count() == 1
    last = found.filter(pl.col("row_key").is_null())["message"].item()
    assert last == "100 more rows fail this and are not listed."


@pytest.mark.long
def test_row_order_does_not_change_the_findings(world: Tables, limits: RoundLimits) -> None:
    wrong = world["eligibility"].with_columns(status=pl.lit("ineligible"), city_id=pl.lit("X"))
    broken = world | {"eligibility": wrong}
    turned = {
        name: frame.select(pl.all().gather(range(frame.height - 1, -1, -1))) for name, frame in broken.items()
    }
    for stage in STAGE_NAMES:
        assert check(stage, broken, limits).equals(check(stage, turned, limits)), stage


TOLD = Finding("submissions", "cell_readable", "an error of a spreadsheet", "S1", "submitted_at")
REPEATS = {
    "the same cell": (Finding("submissions", "submitted_at_readable", "x", "S1", "submitted_at"), False),
    "another row": (Finding("submissions", "submitted_at_readable", "x", "S2", "submitted_at"), True),
    "another column": (Finding("submissions", "dates_possible", "x", "S1", "cohort_applied_on"), True),
    "the table as a whole": (Finding("submissions", "row_count", "x"), True),
    "a stop": (Finding.stop("submissions", "dates_possible", "x", row_key="S1", column="submitted_at"), True),
}


@pytest.mark.parametrize(("found", "kept"), REPEATS.values(), ids=REPEATS)
def test_one_fault_is_told_once(found: Finding, kept: bool) -> None:
    left = not_told_yet(findings_frame([found]), findings_frame([TOLD]))
    assert left.height == int(kept)


def test_the_code_of_a_country_is_told_with_the_country() -> None:
    told = Finding("cohort", "cell_readable", "an error of a spreadsheet", "UTM1", "country")
    found = Finding("cohort", "country_recognised", "x", "UTM1", "country_iso3")
    assert not_told_yet(findings_frame([found]), findings_frame([told])).is_empty()
