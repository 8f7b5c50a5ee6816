"""No error leaves with the value of a cell, and every one stays diagnosable."""

from __future__ import annotations

import pickle
import sqlite3
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import polars as pl
import pytest
from pydantic import BaseModel
from sqlalchemy import text

from flows.cli import main
from flows.errors import StoppedError
from flows.settings import keep_prefect_home_private
from flows.unexpected import UnexpectedError, guarded
from programme.problems import ProblemsError, UnreadableError, problem
from warehouse.database.connection import open_database
from warehouse.dictionary.published import FINDINGS

CELL = "maria.rossi@example.org"


class Form(BaseModel):
    population: int


def polars_quotes() -> NoReturn:
    pl.Series([CELL]).cast(pl.Int64)
    raise AssertionError


def pydantic_quotes() -> NoReturn:
    Form.model_validate({"population": CELL})
    raise AssertionError


def a_key() -> NoReturn:
    raise KeyError(CELL)


def a_chain() -> NoReturn:
    try:
        a_key()
    except KeyError:
        raise RuntimeError(f"no place for {CELL}")  # noqa: B904  (the chain is what is tried)


def a_cause_of_ours() -> NoReturn:
    try:
        a_key()
    except KeyError as error:
        raise problem(found="a thing", expected="another", where="a file", remedy="Mend it.") from error


class Panic(BaseException):
    """What a library in Rust raises when it gives up."""


Panic.__name__ = "PanicException"


def a_panic() -> NoReturn:
    raise Panic(f"called `unwrap()` on {CELL}")


def whatever_is_kept(error: BaseException) -> str:
    """What a log, a state and a stored result would hold of an error."""
    return "".join(traceback.format_exception(error)) + repr(error) + str(error) + repr(pickle.dumps(error))


@pytest.mark.parametrize(
    ("raises", "kind"),
    [
        pytest.param(polars_quotes, "polars.exceptions.InvalidOperationError", id="polars"),
        pytest.param(pydantic_quotes, "pydantic_core._pydantic_core.ValidationError", id="pydantic"),
        pytest.param(a_key, "KeyError", id="key"),
        pytest.param(a_chain, "RuntimeError", id="chain"),
        pytest.param(a_panic, "tests.flows.test_unexpected.Panic", id="panic"),
    ],
)
def test_an_unexpected_error_says_its_type_and_lines_and_no_value(
    raises: Callable[[], NoReturn], kind: str
) -> None:
    with pytest.raises(UnexpectedError) as raised:
        guarded(raises)()
    error = raised.value
    assert CELL not in whatever_is_kept(error)
    assert error.kinds[0] == kind
    line = raises.__code__.co_firstlineno
    assert any(
        where.startswith(f"{__name__}:") and int(where.split(":")[1].split()[0]) > line - 1
        for where in error.lines
    )
    assert pickle.loads(pickle.dumps(error)).lines == error.lines  # noqa: S301  (our own bytes)
    assert (error.__context__, error.__cause__) == (None, None)


def test_a_chain_names_every_link() -> None:
    with pytest.raises(UnexpectedError, match=r"RuntimeError at .* because of KeyError"):
        guarded(a_chain)()


def test_errors_of_ours_pass_without_what_they_came_from() -> None:
    with pytest.raises(ProblemsError) as raised:
        guarded(a_cause_of_ours)()
    assert "Mend it." in str(raised.value)
    assert CELL not in whatever_is_kept(raised.value)

    @guarded
    def stop() -> None:
        raise StoppedError(FINDINGS.empty(), [])

    with pytest.raises(StoppedError):
        stop()


@pytest.mark.parametrize("signal", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_signals_pass(signal: type[BaseException]) -> None:
    @guarded
    def ends() -> None:
        raise signal

    with pytest.raises(signal):
        ends()


def test_a_database_says_its_code_and_not_its_row(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/warehouse.db")
    insert = text("INSERT INTO round (id, title, deadline) VALUES (:id, :id, :id)")

    def twice() -> None:
        with engine.begin() as connection:
            connection.execute(insert, [{"id": CELL}, {"id": CELL}])

    with pytest.raises(Exception, match=r"IntegrityError|UNIQUE") as plain:
        twice()
    assert CELL not in str(plain.value)
    with pytest.raises(UnexpectedError, match="SQLITE_CONSTRAINT") as raised:
        guarded(twice)()
    assert CELL not in whatever_is_kept(raised.value)


def test_the_command_line_tells_an_unexpected_error_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("CITY2CITY_DATA", str(tmp_path))

    def fails(*_: object) -> NoReturn:
        raise sqlite3.OperationalError(f"near {CELL}")

    monkeypatch.setattr("flows.commands.status.open_context", fails)
    with pytest.raises(SystemExit) as ended:
        main(["status"])
    assert ended.value.code == 1
    told = "".join(capsys.readouterr())
    assert "Unexpected error sqlite3.OperationalError" in told
    assert "flows.commands.status" in told
    assert CELL not in told
    assert "Traceback" not in told


def test_the_home_of_prefect_is_private(tmp_path: Path) -> None:
    home = tmp_path / "prefect"
    (home / "storage").mkdir(parents=True)
    (home / "storage" / "result").write_text("x")
    (home / "storage" / "result").chmod(0o644)
    keep_prefect_home_private({"PREFECT_HOME": str(home)})
    modes = {path.name: path.stat().st_mode & 0o777 for path in (home, *home.rglob("*"))}
    assert modes == {"prefect": 0o700, "storage": 0o700, "result": 0o600, "prefect.db": 0o600}


def test_unreadable_files_are_told_in_our_words() -> None:
    assert not issubclass(UnreadableError, UnexpectedError)
