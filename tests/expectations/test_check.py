"""The door: a valid round has no findings, what cannot be evaluated stops, and no finding shows a personal
cell.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expectations import adapter
from expectations import check as door
from expectations.adapter import Judgement, Question
from expectations.check import STAGES, check, check_suite, has_stop, stage_suites
from expectations.model import ALL_TABLES, CountRule, Limits, RowRule, ShareRule, Suite, Verdict
from expectations.wording import LONGEST, MOST_ROWS, clean
from warehouse.dictionary.published import FINDINGS

Tables = dict[str, pl.DataFrame]
SUITES = [
    (stage, n)
    for stage in STAGES
    for n in range({"inputs": 9, "linked": 4, "eligibility": 4, "scores": 3, "twinnings": 6}[stage])
]


def _judge(frame: pl.DataFrame, questions: list[Question]) -> dict[str, Judgement]:
    def holds(question: Question) -> bool:
        if question.kind == "rows":
            return (question.minimum or 0) <= frame.height <= (question.maximum or 2**60)
        return frame.is_empty() or float(frame[question.name].mean() or 0) >= (question.minimum or 1)  # type: ignore[arg-type]

    return {question.name: Judgement(holds(question), observed=0.0) for question in questions}


def _failing_rows(cells: pl.DataFrame, columns: list[str]) -> dict[str, list[int]]:
    return {name: cells[name].not_().arg_true().to_list() for name in columns}


@pytest.fixture
def _judged_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same judgements without Great Expectations, where a test is about words or columns and asks
    hundreds of times.
    """
    monkeypatch.setattr(door, "judge", _judge)
    monkeypatch.setattr(door, "failing_rows", _failing_rows)


@pytest.mark.parametrize("stage", STAGES)
def test_a_valid_round_has_no_findings(stage, world: Tables, limits: Limits) -> None:
    found = check(stage, world, limits)
    assert found.to_dicts() == []
    assert found.schema == FINDINGS.schema
    assert not has_stop(found)


def test_suites_are_counted(limits: Limits) -> None:
    assert [(stage, n) for stage in STAGES for n in range(len(stage_suites(stage, limits)))] == SUITES


def test_an_unknown_stage_is_refused(world: Tables, limits: Limits) -> None:
    with pytest.raises(KeyError):
        check("dreams", world, limits)  # type: ignore[arg-type]


@pytest.mark.parametrize("stage", STAGES)
def test_empty_tables_break_only_what_counts_or_misses_rows(stage, world: Tables, limits: Limits) -> None:
    found = check(stage, {name: frame.clear() for name, frame in world.items()}, limits)
    assert set(found["expectation"]) == ({"row_count"} if stage == "inputs" else set())


@pytest.mark.parametrize(("stage", "number"), SUITES)
def test_a_table_that_is_not_there_stops(stage, number: int, world: Tables, limits: Limits) -> None:
    suite = stage_suites(stage, limits)[number]
    for name in suite.needs:
        found = check_suite(suite, {other: frame for other, frame in world.items() if other != name})
        assert [(row["expectation"], row["severity"]) for row in found] == [("tables_present", "stop")]
        assert name in str(found[0]["message"])


def test_an_optional_table_may_be_absent(world: Tables, limits: Limits) -> None:
    optional = (
        "evaluations",
        "collaborations",
        "decisions",
        "corrections",
        "evaluators",
        "preferences",
        "cooperations",
    )
    tables = {name: frame for name, frame in world.items() if name not in optional}
    assert [row for stage in STAGES for row in check(stage, tables, limits).to_dicts()] == []


@pytest.mark.usefixtures("_judged_at_once")
@pytest.mark.parametrize(("stage", "number"), SUITES)
def test_a_missing_column_stops_and_never_raises_or_passes(
    stage, number: int, world: Tables, limits: Limits
) -> None:
    suite = stage_suites(stage, limits)[number]
    used = {
        name
        for rule in suite.rules
        if isinstance(rule, RowRule)
        for verdict in rule.verdicts
        for name in verdict.holds.meta.root_names()
    }
    if suite.table not in world:
        return
    for column in ALL_TABLES[suite.table].names:
        found = check_suite(suite, world | {suite.table: world[suite.table].drop(column)})
        stops = [
            row
            for row in found
            if row["severity"] == "stop" and "could not be evaluated" in str(row["message"])
        ]
        assert bool(stops) >= (column in used), column


def _with_rules(suite: Suite, *rules: RowRule | ShareRule | CountRule) -> Suite:
    return replace(suite, rules=rules)


BROKEN = [
    pytest.param(pl.col("no_such_column") == 1, "there is no column no_such_column", id="column-missing"),
    pytest.param(
        pl.col("name").str.to_date("%Y", strict=True).is_not_null(), "Error", id="conversion-raises"
    ),
    pytest.param(pl.col("population").str.len_chars() > 0, "Error", id="wrong-type"),
]


@pytest.mark.parametrize(("holds", "why"), BROKEN)
@pytest.mark.parametrize("severity", ["stop", "warn"])
def test_an_expectation_that_raised_is_a_stop_and_the_others_are_judged(
    holds, why: str, severity, world: Tables, limits: Limits
) -> None:
    suite = next(suite for suite in stage_suites("inputs", limits) if suite.name == "cohort")
    good = RowRule("never", "warn", "for the test", (Verdict("name", pl.lit(value=False), "no"),))
    found = check_suite(
        _with_rules(suite, RowRule("broken", severity, "for the test", (Verdict("name", holds, "x"),)), good),
        world,
    )
    broken = [row for row in found if row["expectation"] == "broken"]
    assert [row["severity"] for row in broken] == ["stop"]
    assert why in str(broken[0]["message"])
    assert "City" not in str(broken[0]["message"])
    assert len([row for row in found if row["expectation"] == "never"]) == world["cohort"].height


def test_a_frame_that_cannot_be_made_stops_for_every_expectation(world: Tables, limits: Limits) -> None:
    suite = next(suite for suite in stage_suites("scores", limits) if suite.name == "ranking")
    found = check_suite(suite, world | {"scores": world["scores"].drop("points")})
    assert [(row["expectation"], row["severity"]) for row in found] == [
        (rule.name, "stop") for rule in suite.rules
    ]


def test_what_great_expectations_could_not_evaluate_is_a_stop(
    monkeypatch: pytest.MonkeyPatch, world: Tables, limits: Limits
) -> None:
    monkeypatch.setattr(adapter, "_raised", lambda _: "MetricResolutionError")
    found = check("scores", world, limits)
    assert set(found["severity"]) == {"stop"}
    assert found.height == sum(len(suite.rules) for suite in stage_suites("scores", limits))


def test_rows_that_could_not_be_named_are_a_stop(
    monkeypatch: pytest.MonkeyPatch, world: Tables, limits: Limits
) -> None:
    broken = world | {"cohort": world["cohort"].with_columns(country_iso3=pl.lit(None, pl.String))}
    for answer in (None, []):
        monkeypatch.setattr(
            door, "failing_rows", lambda _, columns, answer=answer: dict.fromkeys(columns, answer)
        )
        found = check("inputs", broken, limits).filter(table="cohort", expectation="country_recognised")
        assert found["severity"].to_list() == ["stop"]


def test_nulls_in_whole_numbers_neither_fail_nor_turn_into_fractions(world: Tables, limits: Limits) -> None:
    population = pl.Series("population", [None, 200_000, 2**53 + 1])
    found = check("inputs", world | {"cohort": world["cohort"].with_columns(population)}, limits).filter(
        table="cohort"
    )
    assert found["expectation"].to_list() == ["population_plausible"]
    assert "9007199254740993;" in found["message"][0]


def test_at_most_so_many_rows_are_listed_and_the_rest_is_counted(world: Tables, limits: Limits) -> None:
    many = pl.concat(
        [
            world["gcom"].with_columns(gcom_id=pl.lit(f"G{n:04}"), country_iso3=pl.lit(None, pl.String))
            for n in range(150)
        ]
    )
    found = check("inputs", world | {"gcom": many}, limits).filter(expectation="country_recognised")
    assert found.height == MOST_ROWS + 1
    assert found["row_key"].null_count() == 1
    assert (
        found.filter(pl.col("row_key").is_null())["message"].item()
        == "100 more rows fail this and are not listed."
    )


def test_row_order_does_not_change_the_findings(world: Tables, limits: Limits) -> None:
    broken = world | {
        "eligibility": world["eligibility"].with_columns(status=pl.lit("ineligible"), city_id=pl.lit("X"))
    }
    turned = {
        name: frame.select(pl.all().gather(range(frame.height - 1, -1, -1))) for name, frame in broken.items()
    }
    for stage in STAGES:
        assert check(stage, broken, limits).equals(check(stage, turned, limits)), stage


HOSTILE = [
    pytest.param("a\x00b\x1b[31mred", "ab[31mred", id="control-characters"),
    pytest.param("one\r\n\ttwo   three", "one two three", id="one-line"),
    pytest.param("abc\u202efdp.exe", "abcfdp.exe", id="direction-override"),
    pytest.param("x" * 5000, "x" * (LONGEST - 1) + "…", id="cut"),
    pytest.param("{country} {0.__class__}", "{country} {0.__class__}", id="braces-are-only-text"),
    pytest.param(None, "nothing", id="null"),
    pytest.param(0.1 + 0.2, "0.3", id="a-sum-without-noise"),
    pytest.param(2**60, str(2**60), id="whole-number"),
]


@pytest.mark.parametrize(("cell", "shown"), HOSTILE)
def test_a_cell_is_shown_cleaned_and_cut(cell: object, shown: str) -> None:
    assert clean(cell) == shown


@given(st.text(max_size=400))
def test_whatever_is_shown_is_one_short_printable_line(cell: str) -> None:
    shown = clean(cell)
    assert len(shown) <= LONGEST
    assert not any(unicodedata.category(char)[0] == "C" or char in "\r\n\t" for char in shown)


def test_hostile_cells_and_keys_are_shown_cleaned(world: Tables, limits: Limits) -> None:
    bad = "G\x1b]0;x\x07{name}" + "y" * 500
    broken = world | {"cohort": world["cohort"].with_columns(gcom_id=pl.lit(bad), utm_id=pl.lit(bad))}
    found = check("inputs", broken, limits)
    assert found.height
    text = " ".join(str(cell) for row in found.rows() for cell in row)
    assert "\x1b" not in text
    assert "y" * LONGEST not in text
    assert "{name}" in text


PERSONAL = [
    (table.name, column.name) for table in ALL_TABLES.values() for column in table.columns if column.personal
]


@pytest.mark.usefixtures("_judged_at_once")
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_finding_ever_shows_a_personal_cell(data: st.DataObject, world: Tables, limits: Limits) -> None:
    """Everything else is broken as far as it goes, so that as many messages as possible are made from rows
    full of secrets.
    """
    cell = data.draw(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30))
    broken: Tables = {}
    for name, frame in world.items():
        table = ALL_TABLES[name]
        secret = [pl.lit(f"SECRET{cell}").alias(column.name) for column in table.columns if column.personal]
        spoilt = data.draw(
            st.lists(
                st.sampled_from([c for c in table.columns if not c.personal and c.name not in table.key]),
                unique=True,
                max_size=12,
            )
        )
        others = [pl.lit(_spoilt(column.dtype), dtype=column.dtype).alias(column.name) for column in spoilt]
        broken[name] = frame.with_columns(*secret, *others)
    for stage in STAGES:
        for row in check(stage, broken, limits).rows():
            assert not any("SECRET" in str(shown) for shown in row)


def _spoilt(dtype: pl.DataType) -> object:
    if dtype == pl.String():
        return "wrong"
    return -99 if dtype.is_numeric() else None


def test_no_finding_shows_a_personal_cell_of_a_round_where_everything_fails(
    world: Tables, limits: Limits
) -> None:
    broken: Tables = {}
    for name, frame in world.items():
        columns = [
            column
            for column in ALL_TABLES[name].columns
            if column.personal or column.name not in ALL_TABLES[name].key
        ]
        cells = ["SECRET" if column.personal else _spoilt(column.dtype) for column in columns]
        broken[name] = frame.with_columns(
            pl.lit(cell, dtype=c.dtype).alias(c.name) for c, cell in zip(columns, cells, strict=True)
        )
    found = pl.concat([check(stage, broken, limits) for stage in STAGES])
    assert found["expectation"].n_unique() > 30
    assert not [row for row in found.rows() if any("SECRET" in str(shown) for shown in row)]


def test_personal_columns_exist_to_be_kept_back() -> None:
    assert {"contact_email", "comment", "decided_by", "ties"} <= {column for _, column in PERSONAL}


@pytest.mark.parametrize("where", ["message", "row_key"])
def test_a_suite_that_would_show_a_personal_column_cannot_be_built(where: str, limits: Limits) -> None:
    suite = next(suite for suite in stage_suites("inputs", limits) if suite.name == "submissions")
    message = "write to {contact_email}" if where == "message" else "fine"
    rule = RowRule("rude", "warn", "for the test", (Verdict(None, pl.lit(value=True), message),))
    key = ("contact_name",) if where == "row_key" else suite.row_key
    with pytest.raises(ValueError, match="personal columns"):
        replace(suite, rules=(rule,), row_key=key)


def test_two_expectations_of_one_name_cannot_be_built(limits: Limits) -> None:
    suite = stage_suites("inputs", limits)[1]
    with pytest.raises(ValueError, match="two expectations of one name"):
        replace(suite, rules=suite.rules[:1] * 2)
