"""Great Expectations behind its adapter: it judges, it names rows, and what it could not evaluate never
passes.
"""

from __future__ import annotations

import ast
from pathlib import Path

import polars as pl
import pytest

from expectations import adapter
from expectations.adapter import Judgement, Question, failing_rows, judge

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("flows", "tasks", "expectations", "warehouse", "programme", "samples")


def _frame(**columns: list[bool]) -> pl.DataFrame:
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.Boolean)).with_row_index("_row")


ANSWERS = [
    pytest.param(Question("a", "all", "critical"), [True, True], True, id="all-true"),
    pytest.param(Question("a", "all", "critical"), [True, False], False, id="one-false"),
    pytest.param(Question("a", "all", "warning"), [False, False], False, id="all-false"),
    pytest.param(Question("a", "all", "critical"), [], True, id="no-rows-none-fails"),
    pytest.param(Question("a", "share", "critical", 0.5), [True, False], True, id="share-just-enough"),
    pytest.param(Question("a", "share", "critical", 0.51), [True, False], False, id="share-too-small"),
    pytest.param(Question("a", "share", "critical", 0.5), [], True, id="no-rows-no-share"),
    pytest.param(Question("a", "rows", "critical", 2, 2), [True, False], True, id="rows-exact"),
    pytest.param(Question("a", "rows", "critical", 3, None), [True, False], False, id="rows-too-few"),
    pytest.param(Question("a", "rows", "critical", None, 1), [True, False], False, id="rows-too-many"),
    pytest.param(Question("a", "rows", "critical", 0, 0), [], True, id="rows-none"),
    pytest.param(Question("a", "rows", "critical", 1, None), [], False, id="rows-none-too-few"),
]


@pytest.mark.parametrize(("question", "answers", "holds"), ANSWERS)
def test_a_question_is_judged(question: Question, answers: list[bool], holds: bool) -> None:
    judgement = judge(_frame(a=answers), [question])["a"]
    assert (judgement.holds, judgement.raised) == (holds, "")


def test_questions_are_judged_together_each_by_itself() -> None:
    frame = _frame(a=[True, True], b=[True, False], c=[False, True])
    names = {
        name: judgement.holds
        for name, judgement in judge(frame, [Question(n, "all", "critical") for n in "abc"]).items()
    }
    assert names == {"a": True, "b": False, "c": False}


def test_observed_numbers_come_back() -> None:
    frame = _frame(a=[True, False, False, False])
    found = judge(
        frame, [Question("a", "share", "critical", 0.5), Question("n", "rows", "critical", 9, None)]
    )
    assert (found["a"].observed, found["n"].observed) == (0.25, 4.0)


def test_failing_rows_are_named_in_order() -> None:
    frame = _frame(a=[False, True, True, False], b=[True, True, True, False])
    assert failing_rows(frame, ["a", "b"]) == {"a": [0, 3], "b": [3]}


def test_a_null_answer_is_refused() -> None:
    frame = pl.DataFrame({"_row": [0], "a": [None]}, schema={"_row": pl.UInt32, "a": pl.Boolean})
    with pytest.raises(ValueError, match="yes or no"):
        judge(frame, [Question("a", "all", "critical")])


@pytest.mark.parametrize("kind", ["all", "share"])
def test_a_question_about_no_column_raised_and_does_not_hold(kind: str) -> None:
    judgement = judge(_frame(a=[True]), [Question("absent", kind, "critical", 0.0)])["absent"]  # type: ignore[arg-type]
    assert not judgement.holds
    assert judgement.raised


def test_rows_of_a_question_that_raised_are_unknown_not_none(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = _frame(a=[True])
    real = adapter._validate
    monkeypatch.setattr(
        adapter, "_validate", lambda data, asked, form: real(data.drop(columns="a"), asked, form)
    )
    assert failing_rows(frame, ["a"]) == {"a": None}


def test_no_answer_is_no_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "_validate", lambda *_: {})
    assert judge(_frame(a=[True]), [Question("a", "all", "critical")]) == {"a": Judgement(False, "no answer")}
    assert failing_rows(_frame(a=[True]), ["a"]) == {"a": None}


RAISED = [
    pytest.param({"raised_exception": False}, "", id="flat-none"),
    pytest.param({"raised_exception": True, "exception_message": "KeyError('x')"}, "KeyError", id="flat"),
    pytest.param(
        {"('metric', 'id')": {"raised_exception": True, "exception_message": ""}},
        "an error",
        id="nested-under-metric",
    ),
    pytest.param(
        {"a": {"raised_exception": False}, "b": {"raised_exception": True, "exception_message": "Bad: x"}},
        "Bad: x",
        id="one-of-two",
    ),
    pytest.param(None, "", id="absent"),
]


@pytest.mark.parametrize(("info", "kind"), RAISED)
def test_exception_info_is_understood_in_both_shapes(info: object, kind: str) -> None:
    assert adapter._raised(info) == kind


def test_it_is_handed_no_cell_but_yes_no_and_a_row_number(
    monkeypatch: pytest.MonkeyPatch, world: dict[str, pl.DataFrame], limits: object
) -> None:
    from expectations.check import STAGES, check

    seen: set[str] = set()
    real = adapter._validate

    def spy(data: object, asked: object, form: object) -> object:
        seen.update(str(dtype) for name, dtype in data.dtypes.items() if name != "_row")  # type: ignore[attr-defined]
        return real(data, asked, form)  # type: ignore[arg-type]

    monkeypatch.setattr(adapter, "_validate", spy)
    for stage in STAGES:
        check(stage, world, limits)  # type: ignore[arg-type]
    assert seen == {"int8"}


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def test_only_the_adapter_imports_great_expectations_and_pandas() -> None:
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    assert len(files) > 50
    users = {
        str(path.relative_to(ROOT)) for path in files if _imported(path) & {"great_expectations", "pandas"}
    }
    assert users == {"expectations/adapter.py"}


def test_the_adapter_imports_them_only_when_asked() -> None:
    code = "import sys, expectations.check; print([m for m in ('great_expectations', 'pandas', 'altair', 'scipy') if m in sys.modules])"
    import subprocess
    import sys

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
