"""Great Expectations, behind one function: expectations about a frame in, an outcome for each out.

Belongs here: how Great Expectations is set up and asked, how its answers are read, and the way from polars to
pandas. Must stay out: what is expected (`suites/`) and how a failure is worded (`messages.py`). Great
Expectations and pandas are imported inside functions, because the import takes seconds.

The suite is asked twice, for speed. The first pass asks only whether each expectation holds. The second asks
for the failing rows, or their number, of what does not hold. An expectation that raised says so in
`exception_info` and otherwise looks like one that failed; `ValidationOutcome.raised` keeps them apart, and
the caller makes it a stop.
"""

from __future__ import annotations

import gc
import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from expectations.table_suite import Expected, columns_of

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.core.batch_definition import BatchDefinition
    from great_expectations.validator.v1_validator import Validator

ROW = "_row"
"""Number of the row in the frame, from 0."""
_LOCK = threading.Lock()
_WARM = threading.Event()


@dataclass(frozen=True)
class ValidationOutcome:
    """What came of one expectation.

    `raised` is empty, or why it could not be evaluated; then `holds` is false. `rows` are the numbers of the
    failing rows, in order, where it fails and is about rows; `share` is the share of cells that satisfy it
    (0-1), where it fails and is about a share.
    """

    holds: bool
    raised: str = ""
    rows: tuple[int, ...] = ()
    share: float | None = None


def warm_up() -> None:
    """Import Great Expectations and validate a small frame, so that the first check need not wait for what is
    read and made at first use; safe to call in a thread, any number of times.
    """
    if not _WARM.is_set():
        _WARM.set()
        with _LOCK:
            _batches()
        _rehearse()


def _rehearse() -> None:
    """Validate a frame of two rows, one of which fails, with the kinds of expectations that suites use."""
    import great_expectations.expectations as gxe  # noqa: PLC0415
    from great_expectations.expectations.row_conditions import Column  # noqa: PLC0415

    second = Column("text") == "b"
    natives = [
        gxe.ExpectTableRowCountToBeBetween(min_value=1),
        gxe.ExpectColumnValuesToNotBeNull(column="number", row_condition=second),
        gxe.ExpectColumnValuesToBeInSet(column="text", value_set=["a"]),
        gxe.ExpectColumnValuesToBeBetween(column="number", min_value=0),
        gxe.ExpectColumnValuesToBeUnique(column="text"),
        gxe.ExpectColumnValuesToMatchRegex(column="text", regex="a"),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="text", column_B="text"),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["text", "number"]),
    ]
    frame = pl.DataFrame({"text": ["a", "b"], "number": [1, None]})
    validate(frame, [Expected("rehearsal", "warn", "", None, "", native) for native in natives])


def validate(frame: pl.DataFrame, expected: Sequence[Expected]) -> list[ValidationOutcome]:
    """What Great Expectations says of the frame: an outcome for each expectation, in order.

    An expectation about a column that is not there raised. On a frame of no rows every expectation about rows
    holds, as there is no row that fails; it is not asked.
    """
    outcomes: dict[int, ValidationOutcome] = {}
    asked: dict[int, Expected] = {}
    for number, item in enumerate(expected):
        columns = columns_of(item.expectation)
        if absent := sorted(set(columns) - set(frame.columns)):
            outcomes[number] = ValidationOutcome(False, f"there is no column {', '.join(absent)}")
        elif columns and frame.is_empty():
            outcomes[number] = ValidationOutcome(True)
        else:
            asked[number] = item
    if asked:
        outcomes |= _ask(frame, asked)
    return [outcomes[number] for number in range(len(expected))]


def _ask(frame: pl.DataFrame, asked: Mapping[int, Expected]) -> dict[int, ValidationOutcome]:
    """Both passes."""
    with _LOCK, _no_collector(), _configurations_kept():
        validator = _validator(_to_pandas(frame, asked.values()))
        first = _results(validator, asked, "BOOLEAN_ONLY")
        outcomes = {number: _first(result) for number, result in first.items()}
        failing = {n: item for n, item in asked.items() if not outcomes[n].holds and not outcomes[n].raised}
        of_rows = {n: item for n, item in failing.items() if item.about_rows}
        of_table = {n: item for n, item in failing.items() if n not in of_rows}
        complete = {"result_format": "COMPLETE", "unexpected_index_column_names": [ROW]}
        for number, result in _results(validator, of_rows, complete).items():
            outcomes[number] = _with_rows(result)
        for number, result in _results(validator, of_table, "BASIC").items():
            outcomes[number] = _with_share(result)
    return outcomes


def _results(
    validator: Validator, asked: Mapping[int, Expected], result_format: Any
) -> dict[int, ExpectationValidationResult | None]:
    """The result of each expectation, by its number; None where none came back."""
    from great_expectations import ExpectationSuite  # noqa: PLC0415

    if not asked:
        return {}
    numbered = [item.expectation.copy(update={"meta": {"n": n}, "notes": None}) for n, item in asked.items()]
    validator.result_format = result_format
    results = validator.validate_expectation_suite(ExpectationSuite("asked", expectations=numbered))
    answers = {
        result.expectation_config.meta["n"]: result
        for result in results.results
        if result.expectation_config and result.expectation_config.meta
    }
    return {number: answers.get(number) for number in asked}


def _first(result: ExpectationValidationResult | None) -> ValidationOutcome:
    if result is None:
        return ValidationOutcome(False, "no answer")
    if raised := _raised(result.exception_info):
        return ValidationOutcome(False, raised)
    return ValidationOutcome(bool(result.success))


def _with_rows(result: ExpectationValidationResult | None) -> ValidationOutcome:
    outcome = _first(result)
    if outcome.raised or result is None:
        return outcome
    rows = sorted(int(entry[ROW]) for entry in result.result.get("unexpected_index_list") or [])
    if outcome.holds or not rows:
        return ValidationOutcome(False, "the rows that fail could not be told")
    return ValidationOutcome(False, rows=tuple(rows))


def _with_share(result: ExpectationValidationResult | None) -> ValidationOutcome:
    outcome = _first(result)
    if outcome.raised or result is None or "unexpected_count" not in result.result:
        return outcome
    given = result.result["element_count"] - (result.result.get("missing_count") or 0)
    return ValidationOutcome(False, share=1 - result.result["unexpected_count"] / given if given else None)


def _to_pandas(frame: pl.DataFrame, asked: Iterable[Expected]) -> Any:
    """The columns that are looked at, and the row's number, as pandas takes them over from Arrow.

    Great Expectations takes a null, and pandas a number that is none, for an absent cell, of which nothing is
    expected. So the answer null to a yes/no question becomes a no, and a number that is none an infinite one,
    which is within no bounds.
    """
    asked = list(asked)
    looked_at = dict.fromkeys(name for item in asked for name in columns_of(item.expectation))
    questions = [
        item.expectation.column  # type: ignore[attr-defined]
        for item in asked
        if getattr(item.expectation, "value_set", None) == [True]
        and frame.schema[item.expectation.column] == pl.Boolean()  # type: ignore[attr-defined]
    ]
    return (
        frame.with_row_index(ROW)
        .select(ROW, *looked_at)
        .with_columns(pl.col(name).fill_null(value=False) for name in dict.fromkeys(questions))
        .with_columns(pl.selectors.float().fill_nan(float("inf")))
        .to_pandas()
    )


def _raised(info: Any) -> str:
    """The kind of the error, never its message (which may quote a cell); Great Expectations nests it under a
    metric's id or gives it flat.
    """
    if not isinstance(info, Mapping):
        return ""
    if info.get("raised_exception"):
        kind = re.search(r"^(?!Traceback)([A-Za-z_][\w.]*)", str(info.get("exception_traceback") or ""), re.M)
        return kind[1].rpartition(".")[2] if kind else "an error"
    return next((raised for nested in info.values() if (raised := _raised(nested))), "")


@contextmanager
def _no_collector() -> Iterator[None]:
    """Without the garbage collector: an import and a validation make very many objects that stay for a while,
    and looking through them again and again takes a tenth of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _configurations_kept() -> Iterator[None]:
    """An expectation's configuration is made once, not each time it is read.

    Great Expectations reads it some seventy times for each expectation it validates, and makes it anew each
    time, which is a third of the time a validation takes. The one that was read last is kept; it is only
    read.
    """
    from great_expectations.expectations.expectation import Expectation  # noqa: PLC0415

    made: Any = Expectation.configuration
    last: tuple[Expectation, Any] | None = None

    def kept(expectation: Expectation) -> Any:
        nonlocal last
        found = last
        if found is None or found[0] is not expectation:
            found = last = (expectation, made.fget(expectation))
        return found[1]

    Expectation.configuration = property(kept)  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Expectation.configuration = made  # type: ignore[method-assign]


def _validator(data: Any) -> Validator:
    """What validates suites on one frame of pandas."""
    from great_expectations.validator.v1_validator import Validator  # noqa: PLC0415

    return Validator(_batches(), batch_parameters={"dataframe": data})


@cache
def _batches() -> BatchDefinition[Any]:
    """One in-memory context for the life of the process; what is validated is passed anew each time, nothing
    is stored.
    """
    with _no_collector():
        import great_expectations as gx  # noqa: PLC0415 - seconds to import
        from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: PLC0415

    gc.freeze()  # some million objects that stay: nobody need look through them again
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    context.variables.analytics_enabled = False
    source = context.data_sources.add_pandas("tables")
    return source.add_dataframe_asset("tables").add_batch_definition_whole_dataframe("whole")
