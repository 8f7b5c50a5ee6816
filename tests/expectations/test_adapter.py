"""Great Expectations behind its adapter: it judges, it names rows, and what it could not evaluate never
passes.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path

import great_expectations.expectations as gxe
import polars as pl
import pytest
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.row_conditions import Column

from expectations import adapter
from expectations.adapter import ROW, ValidationOutcome, validate
from expectations.check import STAGE_NAMES, RoundLimits, check
from expectations.table_suite import Expected
from tests.expectations.changes import Tables

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("flows", "tasks", "expectations", "warehouse", "programme", "samples")
MIDYEAR = datetime(2025, 6, 1)  # noqa: DTZ001 - a day has no zone
NAN, INF = float("nan"), float("inf")


def _expected(native: Expectation) -> Expected:
    return Expected("name", "stop", "for the test", None, "", native)


def _validate(cells: Mapping[str, list[object]], native: Expectation) -> ValidationOutcome:
    return validate(pl.DataFrame(cells, strict=False), [_expected(native)])[0]


MIXED = {
    "text": ["a", None, "b", "a"],
    "other": ["a", "c", None, "b"],
    "whole": [1, None, 3, 2**53 + 1],
    "real": [0.5, NAN, INF, None],
    "yes": [True, None, False, True],
    "day": [date(2025, 1, 1), None, date(2026, 1, 1), date(2025, 1, 1)],
    "later": [date(2025, 1, 1), date(2025, 1, 1), date(2025, 1, 1), None],
    "moment": [datetime(2025, 1, 1, tzinfo=UTC), None, datetime(2052, 1, 1, tzinfo=UTC), None],
}
IS_B, NOT_NULL = Column("other") == "b", Column("other").is_not_null()
NATIVES = [
    pytest.param(gxe.ExpectColumnValuesToNotBeNull(column="text"), [1], id="not-null"),
    pytest.param(gxe.ExpectColumnValuesToBeInSet(column="text", value_set=["a"]), [2], id="in-set"),
    pytest.param(gxe.ExpectColumnValuesToNotBeInSet(column="text", value_set=["a"]), [0, 3], id="not-in-set"),
    pytest.param(gxe.ExpectColumnValuesToBeUnique(column="text"), [0, 3], id="unique"),
    pytest.param(gxe.ExpectColumnValuesToMatchRegex(column="text", regex="^a$"), [2], id="regex"),
    pytest.param(gxe.ExpectColumnValuesToBeBetween(column="whole", max_value=2), [2, 3], id="whole-number"),
    pytest.param(
        gxe.ExpectColumnValuesToBeBetween(column="real", min_value=0, max_value=9), [1, 2], id="no-number"
    ),
    pytest.param(gxe.ExpectColumnValuesToBeInSet(column="yes", value_set=[True]), [1, 2], id="null-is-a-no"),
    pytest.param(gxe.ExpectColumnValuesToBeBetween(column="day", max_value=MIDYEAR), [2], id="day"),
    pytest.param(
        gxe.ExpectColumnValuesToBeBetween(column="moment", max_value=datetime(2026, 1, 1, tzinfo=UTC)),
        [2],
        id="moment",
    ),
    pytest.param(
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="later", column_B="day", or_equal=True, ignore_row_if="either_value_is_missing"
        ),
        [2],
        id="pair-in-order",
    ),
    pytest.param(
        gxe.ExpectColumnPairValuesToBeEqual(column_A="text", column_B="other", ignore_row_if="neither"),
        [1, 2, 3],
        id="pair-equal",
    ),
    pytest.param(
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["text", "later"], ignore_row_if="never"),
        [],
        id="compound-unique",
    ),
    pytest.param(
        gxe.ExpectColumnValuesToBeNull(column="text", row_condition=IS_B), [3], id="where-a-condition-holds"
    ),
    pytest.param(
        gxe.ExpectColumnValuesToNotBeNull(column="text", row_condition=NOT_NULL), [1], id="where-filled"
    ),
    pytest.param(
        gxe.ExpectColumnValuesToNotBeNull(column="text", row_condition=IS_B | (Column("whole") > 5)),
        [],
        id="where-either",
    ),
]


@pytest.mark.parametrize(("native", "rows"), NATIVES)
def test_the_failing_rows_are_named_in_order(native: Expectation, rows: list[int]) -> None:
    assert _validate(MIXED, native) == ValidationOutcome(not rows, rows=tuple(rows))


def test_keeping_configurations_changes_no_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = [_expected(case.values[0]) for case in NATIVES]  # type: ignore[arg-type]
    fast = validate(pl.DataFrame(MIXED), expected)
    monkeypatch.setattr(adapter, "_configurations_kept", nullcontext)
    assert validate(pl.DataFrame(MIXED), expected) == fast


SHARES = [
    pytest.param(0.5, ValidationOutcome(True), id="just-enough"),
    pytest.param(0.6, ValidationOutcome(False, share=0.5), id="too-small"),
]


@pytest.mark.parametrize(("mostly", "outcome"), SHARES)
def test_a_share_is_told(mostly: float, outcome: ValidationOutcome) -> None:
    native = gxe.ExpectColumnValuesToNotBeNull(column="text", mostly=mostly)
    assert _validate({"text": ["a", None, "b", None]}, native) == outcome


def test_a_share_is_one_of_the_cells_that_are_there() -> None:
    native = gxe.ExpectColumnValuesToBeInSet(column="text", value_set=["a"], mostly=0.6)
    assert _validate({"text": ["a", None, "b", None]}, native) == ValidationOutcome(False, share=0.5)


COUNTS = [
    pytest.param(2, 2, 2, True, id="exact"),
    pytest.param(2, 3, None, False, id="too-few"),
    pytest.param(2, None, 1, False, id="too-many"),
    pytest.param(0, 0, 0, True, id="none"),
    pytest.param(0, 1, None, False, id="none-is-too-few"),
]


@pytest.mark.parametrize(("rows", "low", "high", "holds"), COUNTS)
def test_rows_are_counted(rows: int, low: int | None, high: int | None, holds: bool) -> None:
    native = gxe.ExpectTableRowCountToBeBetween(min_value=low, max_value=high)
    assert _validate({"text": ["a"] * rows}, native) == ValidationOutcome(holds)


@pytest.mark.parametrize("native", [case.values[0] for case in NATIVES])
def test_no_row_of_no_rows_fails(native: Expectation) -> None:
    assert validate(pl.DataFrame(MIXED).clear(), [_expected(native)]) == [ValidationOutcome(True)]


RAISING = [
    pytest.param(
        gxe.ExpectColumnValuesToNotBeNull(column="absent"), "there is no column absent", id="no-column"
    ),
    pytest.param(
        gxe.ExpectColumnValuesToBeNull(column="text", row_condition=Column("gone") == "b"),
        "there is no column gone",
        id="no-column-of-the-condition",
    ),
    pytest.param(gxe.ExpectColumnValuesToBeBetween(column="text", max_value=3), "Error", id="wrong-type"),
]


@pytest.mark.parametrize(("native", "why"), RAISING)
@pytest.mark.parametrize("mostly", [1, 0.5])
def test_what_raised_does_not_hold_and_does_not_take_the_others_with_it(
    native: Expectation, why: str, mostly: float
) -> None:
    good = gxe.ExpectColumnValuesToNotBeNull(column="text")
    native = native.copy(update={"mostly": mostly})
    raised, judged = validate(pl.DataFrame(MIXED), [_expected(native), _expected(good)])
    assert not raised.holds
    assert why in raised.raised
    assert judged == ValidationOutcome(False, rows=(1,))


def test_no_answer_is_no_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "_results", lambda _, asked, __: dict.fromkeys(asked))
    assert _validate(MIXED, gxe.ExpectColumnValuesToNotBeNull(column="text")) == ValidationOutcome(
        False, "no answer"
    )


@pytest.mark.parametrize("second", ["no rows", "holds"])
def test_a_failure_whose_rows_cannot_be_told_is_not_evaluated(
    monkeypatch: pytest.MonkeyPatch, second: str
) -> None:
    real = adapter._results

    def results(validator: object, asked: object, form: object) -> object:
        answers = real(validator, asked, form)  # type: ignore[arg-type]
        for result in answers.values() if form != "BOOLEAN_ONLY" else ():
            result.success = second == "holds"  # type: ignore[union-attr]
            result.result["unexpected_index_list"] = []  # type: ignore[union-attr]
        return answers

    monkeypatch.setattr(adapter, "_results", results)
    outcome = _validate(MIXED, gxe.ExpectColumnValuesToNotBeNull(column="text"))
    assert outcome == ValidationOutcome(False, "the rows that fail could not be told")


TRACE = 'Traceback (most recent call last):\n  File "x.py"\n    go()\n'
RAISED = [
    pytest.param({"raised_exception": False}, "", id="flat-none"),
    pytest.param(
        {"raised_exception": True, "exception_traceback": TRACE + "KeyError: 'Jane Doe'\n"},
        "KeyError",
        id="flat",
    ),
    pytest.param(
        {"('metric', 'id')": {"raised_exception": True, "exception_traceback": TRACE + "a.b.Bad: x\n"}},
        "Bad",
        id="nested-under-metric",
    ),
    pytest.param(
        {"a": {"raised_exception": False}, "b": {"raised_exception": True, "exception_traceback": ""}},
        "an error",
        id="one-of-two",
    ),
    pytest.param(None, "", id="absent"),
]


@pytest.mark.parametrize(("info", "kind"), RAISED)
def test_exception_info_is_understood_in_both_shapes(info: object, kind: str) -> None:
    assert adapter._raised(info) == kind


def test_it_is_handed_no_personal_cell(
    monkeypatch: pytest.MonkeyPatch, world: Tables, limits: RoundLimits
) -> None:
    handed: list[tuple[set[str], str]] = []
    real = adapter._validator

    def spy(data: object) -> object:
        handed.append((set(data.columns), data.to_csv()))  # type: ignore[attr-defined]
        return real(data)

    monkeypatch.setattr(adapter, "_validator", spy)
    for stage in STAGE_NAMES:
        check(stage, world, limits)
    assert len(handed) > 20
    assert all(ROW in columns for columns, _ in handed)
    assert not any("Personal" in cells or "@example.org" in cells for _, cells in handed)


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def test_only_adapter_and_suites_import_great_expectations_and_nothing_pandas() -> None:
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    assert len(files) > 50
    users = {str(path.relative_to(ROOT)) for path in files if "great_expectations" in _imported(path)}
    assert {name for name in users if not name.startswith("expectations/suites/")} == {
        "expectations/adapter.py",
        "expectations/table_suite.py",
    }
    assert not [path for path in files if "pandas" in _imported(path)]


@pytest.mark.parametrize("module", ["expectations.check", "expectations.limits", "flows.procedure"])
def test_great_expectations_is_loaded_only_when_something_is_checked(module: str) -> None:
    slow = ("great_expectations", "pandas", "altair")
    code = f"import sys, {module}; print([m for m in {slow} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
