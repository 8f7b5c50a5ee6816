"""A text from outside has no effect in any format it is written into."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import icalendar
import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from markdown_it import MarkdownIt

from tests.tasks.letters.nasty import nasty_texts
from warehouse.escapes import (
    calendar_text,
    csv_cell,
    file_name,
    file_names,
    html_text,
    json_text,
    lines,
    markdown,
    one_line,
    workbook_cell,
    xml_text,
)

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


class Page(HTMLParser):
    """What is in a page: its tags, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(None, "", id="nothing"),
        pytest.param(" Ama\r\n\tExample ", "Ama Example", id="line breaks and tabs"),
        pytest.param("Ama\u202eExample", "Ama Example", id="direction of writing"),
        pytest.param("a\u2028b\x1b[31m\ud800", "a b [31m", id="separators, escapes, half a surrogate"),
        pytest.param("a" * 300, "a" * 200, id="too long"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="a joiner of Persian"),
    ],
)
def test_one_line(text: str | None, line: str) -> None:
    assert one_line(text, 200) == line


def test_lines_are_ended_by_one_character_alone() -> None:
    assert lines("a\r\nb\rc\u2028d\x85e \x1b\nf") == "a\nb\nc\nd\ne\nf"


@given(nasty_texts())
def test_markdown_shows_the_text_and_nothing_else(text: str) -> None:
    page = Page(MARKDOWN.render(f"x {markdown(text)} y"))
    assert page.tags == ["p"]
    assert page.text.strip() == f"x {one_line(text)} y"


@given(nasty_texts())
def test_markdown_at_the_start_of_a_line_is_text_too(text: str) -> None:
    page = Page(MARKDOWN.render(markdown(text)))
    assert page.tags in ([], ["p"])
    assert page.text.strip() == one_line(text)


@given(nasty_texts())
def test_a_table_of_markdown_keeps_its_columns(text: str) -> None:
    page = Page(MARKDOWN.render(f"| a | b |\n| --- | --- |\n| {markdown(text)} | 2 |\n"))
    assert page.tags.count("td") == 2
    assert set(page.tags) <= {"table", "thead", "tbody", "tr", "th", "td"}


@given(nasty_texts())
def test_html_shows_the_text_and_nothing_else(text: str) -> None:
    page = Page(f'<p title="{html_text(text)}">{html_text(text)}</p>')
    assert page.tags == ["p"]
    assert page.text == one_line(text)


@given(nasty_texts())
def test_xml_is_well_formed(text: str) -> None:
    found = ET.fromstring(f'<a title="{xml_text(text)}">{xml_text(text)}</a>')  # noqa: S314
    assert (found.text or "") == lines(text)


@given(nasty_texts())
def test_a_calendar_has_no_line_of_the_text_s_own(text: str) -> None:
    written = (
        f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:{calendar_text(text)}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    (event,) = icalendar.Calendar.from_ical(written).walk("VEVENT")
    assert set(event) == {"SUMMARY"}
    assert str(event["SUMMARY"]) == lines(text)


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t=", "\r=", " =", "＝", "＋", "－", "＠", "\ufeff=", "\u200b ="]
)
def test_a_cell_of_csv_is_no_formula(start: str) -> None:
    assert csv_cell(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("text", [None, "", "Nairobi", "a=b", "3-4", "(=1)"])
def test_other_cells_of_csv_stay(text: str | None) -> None:
    assert csv_cell(text) == text


@given(nasty_texts())
def test_a_workbook_keeps_every_cell_as_text(text: str) -> None:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet()
    assert sheet.write_string(0, 0, workbook_cell(text)) == 0
    sheet.write_string(1, 0, "after")
    book.close()
    found = openpyxl.load_workbook(content).active
    assert found["A1"].data_type in ("s", "n")
    assert (found["A1"].value or "") == workbook_cell(text)
    assert found["A2"].value == "after"


@pytest.mark.parametrize("character", ["a", "漢", "😀"])
def test_a_cell_that_is_too_long_is_cut_and_says_so(character: str) -> None:
    cell = workbook_cell(character * 40_000)
    assert len(cell.encode("utf-16-le")) // 2 <= 32_767
    assert cell.endswith("… (cut)")
    assert workbook_cell("a" * 32_767) == "a" * 32_767


@given(nasty_texts())
def test_json_is_shown_without_being_obeyed_and_read_back_the_same(text: str) -> None:
    written = json_text({"a": [text]})
    assert all(character.isprintable() or character == "\n" for character in written)
    assert json.loads(written)["a"][0] == text or "\ud83d" in text


def test_json_of_days_and_moments() -> None:
    moment = datetime(2026, 1, 9, 6, tzinfo=UTC)
    assert json.loads(json_text([date(2026, 1, 9), moment])) == ["2026-01-09", "2026-01-09T06:00:00+00:00"]
    assert "São" in json_text("São")


FILE_NAMES = [
    pytest.param("S1-a_B", "S1-a_B.eml", id="safe as it is"),
    pytest.param("../S1", "___S1-a567b811.eml", id="a folder"),
    pytest.param("", "-e3b0c442.eml", id="nothing"),
    pytest.param("S" * 81, f"{'S' * 80}-a30a31a3.eml", id="too long"),
    pytest.param("-rf", "rf-84f2c37e.eml", id="an option of a command"),
    pytest.param("CON", "CON-f55d9d8f.eml", id="reserved on Windows"),
]


@pytest.mark.parametrize(("name", "file"), FILE_NAMES)
def test_the_name_of_a_file(name: str, file: str) -> None:
    assert re.sub(r"[0-9a-f]{8}\.eml$", "", file_name(name, ".eml")) == re.sub(r"[0-9a-f]{8}\.eml$", "", file)


@given(nasty_texts())
def test_a_file_never_leaves_its_folder(name: str) -> None:
    made = file_name(name, ".eml")
    assert re.fullmatch(r"[A-Za-z0-9_-]{0,89}\.eml", made)
    assert made == file_name(name, ".eml")


def test_no_two_names_share_a_file_where_case_does_not_count() -> None:
    made = file_names(["S1", "s1", "S2", "S/3", "S_3"], ".eml")
    assert len({name.casefold() for name in made.values()}) == 5
    assert made["S2"] == "S2.eml"
