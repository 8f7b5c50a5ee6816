"""What is printed: lists that are cut, cells that cannot harm a terminal, JSON that stays whole."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.console import SCREENFUL, print_error, print_json, print_table, printable, progress, report_step


def printed_rows(rows: int, capsys: pytest.CaptureFixture[str], **options: bool) -> list[str]:
    print_table([{"number": number} for number in range(rows)], **options)
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("rows", "show_all", "shown", "note"),
    [
        pytest.param(0, False, 0, None, id="nothing"),
        pytest.param(SCREENFUL, False, SCREENFUL, None, id="as long as a screen"),
        pytest.param(
            SCREENFUL + 1,
            False,
            SCREENFUL,
            f"... {SCREENFUL} of {SCREENFUL + 1} rows are shown; --all shows every one.",
            id="one more",
        ),
        pytest.param(
            5000,
            False,
            SCREENFUL,
            f"... {SCREENFUL} of 5,000 rows are shown; --all shows every one.",
            id="many",
        ),
        pytest.param(5000, True, 5000, None, id="all of many"),
    ],
)
def test_a_list_longer_than_a_screen_is_cut_with_a_count(
    rows: int, show_all: bool, shown: int, note: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    _, *lines = printed_rows(rows, capsys, show_all=show_all) or [""]
    assert lines[:shown] == [str(number) for number in range(shown)]
    assert lines[shown:] == ([note] if note else [])


def test_a_drawn_table_is_cut_as_well(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("flows.console.is_terminal", lambda: True)
    lines = printed_rows(1000, capsys)
    assert len(lines) < SCREENFUL + 10
    assert lines[-1] == f"... {SCREENFUL} of 1,000 rows are shown; --all shows every one."


def test_markup_in_a_cell_of_a_drawn_table_is_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("flows.console.is_terminal", lambda: True)
    print_table([{"city": "[red]Turin[/red]"}])
    assert "[red]Turin[/red]" in capsys.readouterr().out


def test_json_is_never_cut(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"number": number} for number in range(5000)]
    print_table(rows, as_json=True)
    assert json.loads(capsys.readouterr().out) == rows


def test_json_has_dates_in_iso_8601(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"day": date(2026, 1, 8), "moment": datetime(2026, 1, 8, 22, 59, tzinfo=UTC), "name": "Łódź"})
    text = capsys.readouterr().out
    assert json.loads(text) == {"day": "2026-01-08", "moment": "2026-01-08T22:59:00+00:00", "name": "Łódź"}
    assert "Łódź" in text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param(None, "", id="absent"),
        pytest.param(True, "yes", id="yes"),
        pytest.param(False, "no", id="no"),
        pytest.param(
            datetime(2026, 1, 8, 22, 59, 1, 5, tzinfo=UTC), "2026-01-08 22:59:01+00:00", id="moment"
        ),
        pytest.param("a\tb\nc", "a b c", id="tab and line break"),
        pytest.param("\x1b[31mred\x07", " [31mred ", id="escape and bell"),
        pytest.param("\u202eabc", " abc", id="right to left override"),
        pytest.param(1.5, "1.5", id="number"),
    ],
)
def test_a_cell_is_one_line_of_visible_characters(value: object, shown: str) -> None:
    assert printable(value) == shown


@settings(max_examples=50)
@given(st.text())
def test_no_text_prints_a_control_character(text: str) -> None:
    assert printable(text).isprintable()
    assert len(printable(text)) == len(text)


def test_steps_are_told_on_standard_error_while_somebody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    report_step("unheard")
    with progress():
        report_step("Reading")
    with progress(quiet=True):
        report_step("quiet")
    report_step("unheard")
    assert capsys.readouterr() == ("", "Reading\n")


def test_an_error_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    print_error("one\ntwo\x07")
    assert capsys.readouterr() == ("", "one\ntwo \n")
