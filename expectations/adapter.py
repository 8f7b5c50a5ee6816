"""Great Expectations, behind one function: yes or no per row in, a judgement per expectation out.

Belongs here: everything that knows Great Expectations or pandas; no other file of the product imports them,
and this one only inside functions, because the import takes seconds. Must stay out: what is expected and how
it is worded. It is handed yes/no columns only, so no cell of any table can reach its results, logs or
progress bars.

Two passes, for speed: the first asks one cheap aggregate per expectation (a row expectation holds if the
smallest of its 0/1 column is 1), the second asks for the rows, with their numbers, only of what failed. Both
times an expectation that raised says so in `exception_info` and is otherwise indistinguishable from one that
failed; `Judgement.raised` keeps them apart, and the caller makes it a stop.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuite, ExpectationValidationResult
    from great_expectations.core.batch_definition import BatchDefinition
    from great_expectations.expectations.expectation import Expectation

_ROW = "_row"
_LOCK = threading.Lock()


@dataclass(frozen=True)
class Question:
    """One expectation as Great Expectations is asked it, about the column of the frame that has its name.

    `all`: every value is true; `share`: the mean is at least `minimum`; `rows`: the frame has `minimum` to
    `maximum` rows.
    """

    name: str
    kind: Literal["all", "share", "rows"]
    severity: Literal["critical", "warning"]
    minimum: float | None = None
    maximum: int | None = None


@dataclass(frozen=True)
class Judgement:
    """What came of one question. `raised` is empty, or the kind of error that kept it from being evaluated;
    then `holds` is false.
    """

    holds: bool
    raised: str = ""
    observed: float | None = None


def warm_up() -> None:
    """Import Great Expectations and make the context, so that the first check need not wait; safe to call in
    a thread, any number of times.
    """
    with _LOCK:
        _batches()


@contextmanager
def _no_collector() -> Iterator[None]:
    """Without the garbage collector: an import makes some million objects that all stay, and looking through
    them again and again is a tenth of it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@cache
def _batches() -> BatchDefinition[Any]:
    """One in-memory context for the life of the process; what is judged is passed anew each time, nothing is
    stored.
    """
    with _no_collector():
        import great_expectations as gx  # noqa: PLC0415 - seconds to import
        from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: PLC0415

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    context.variables.analytics_enabled = False
    source = context.data_sources.add_pandas("verdicts")
    return source.add_dataframe_asset("verdicts").add_batch_definition_whole_dataframe("whole")


def judge(frame: pl.DataFrame, questions: Sequence[Question]) -> dict[str, Judgement]:
    """Ask every question about the frame (boolean columns without nulls, one per question of kind `all` or
    `share`).

    Returns a judgement for each name, also for those Great Expectations gave no answer to. On a frame of no
    rows `all` and `share` hold, as there is no row that fails; they are not asked.
    """
    asked = [question for question in questions if question.kind == "rows" or frame.height]
    judgements = {question.name: Judgement(True) for question in questions if question not in asked}
    if asked:
        results = _validate(_to_pandas(frame), [_as_expectation(question) for question in asked], "BASIC")
        judgements |= {question.name: _judgement(results.get(question.name)) for question in asked}
    return judgements


def failing_rows(frame: pl.DataFrame, columns: Sequence[str]) -> dict[str, list[int] | None]:
    """The row numbers (column `_row`) at which each boolean column is false, in order; None where the
    question raised or was not answered.
    """
    from great_expectations import expectations as gxe  # noqa: PLC0415

    kinds: Any = gxe
    asked = [
        kinds.ExpectColumnValuesToBeInSet(column=name, value_set=[True], meta={"name": name})
        for name in columns
    ]
    wanted = {"result_format": "COMPLETE", "unexpected_index_column_names": [_ROW]}
    results = _validate(_to_pandas(frame.select(_ROW, *columns)), asked, wanted)
    return {name: _rows(results.get(name)) for name in columns}


def _as_expectation(question: Question) -> Expectation:
    from great_expectations import expectations as gxe  # noqa: PLC0415

    kinds: Any = gxe  # its classes are public, though not in its __all__
    asked: dict[str, Any] = {"meta": {"name": question.name}, "severity": question.severity}
    expectation: Expectation
    if question.kind == "rows":
        expectation = kinds.ExpectTableRowCountToBeBetween(
            min_value=question.minimum, max_value=question.maximum, **asked
        )
    elif question.kind == "share":
        expectation = kinds.ExpectColumnMeanToBeBetween(
            column=question.name, min_value=question.minimum, **asked
        )
    else:
        expectation = kinds.ExpectColumnMinToBeBetween(column=question.name, min_value=1, **asked)
    return expectation


def _to_pandas(frame: pl.DataFrame) -> Any:
    """Booleans become 0/1, so that the smallest and the mean mean something; through Arrow, without a copy
    per row.
    """
    if nulls := [name for name in frame.columns if frame[name].null_count()]:
        raise ValueError(f"a verdict must be yes or no; null in {nulls}")
    return frame.with_columns(pl.selectors.boolean().cast(pl.Int8)).to_pandas()


def _validate(
    data: Any, expectations: Sequence[Expectation], result_format: Any
) -> Mapping[str, ExpectationValidationResult]:
    with _LOCK:
        batch = _batches().get_batch({"dataframe": data})
        results = batch.validate(_suite(expectations), result_format=result_format)
    return {
        result.expectation_config.meta["name"]: result
        for result in results.results
        if result.expectation_config
    }


def _suite(expectations: Sequence[Expectation]) -> ExpectationSuite:
    from great_expectations import ExpectationSuite  # noqa: PLC0415

    return ExpectationSuite(name="verdicts", expectations=list(expectations))


def _judgement(result: ExpectationValidationResult | None) -> Judgement:
    if result is None:
        return Judgement(False, "no answer")
    if raised := _raised(result.exception_info):
        return Judgement(False, raised)
    observed = result.result.get("observed_value")
    return Judgement(bool(result.success), observed=None if observed is None else float(observed))


def _rows(result: ExpectationValidationResult | None) -> list[int] | None:
    if result is None or _raised(result.exception_info):
        return None
    return sorted(int(entry[_ROW]) for entry in result.result.get("unexpected_index_list") or [])


def _raised(info: Any) -> str:
    """The kind of the error, never its message (which may quote a cell); Great Expectations nests it under a
    metric's id or gives it flat.
    """
    if not isinstance(info, Mapping):
        return ""
    if info.get("raised_exception"):
        return str(info.get("exception_message", "")).partition("(")[0][:60].strip() or "an error"
    return next((raised for nested in info.values() if (raised := _raised(nested))), "")
