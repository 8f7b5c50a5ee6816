"""What comes from outside is text in every artifact of a run."""

from __future__ import annotations

from hypothesis import given

from flows.artifacts import markdown_table, table_cell
from tests.tasks.letters.nasty import nasty_texts
from tests.warehouse.test_escapes import MARKDOWN, Page


@given(nasty_texts())
def test_a_table_in_markdown_shows_the_cell_and_nothing_else(text: str) -> None:
    page = Page(MARKDOWN.render(markdown_table([{"city": text, "value": 1.25, "none": None}])))
    assert page.tags.count("td") == 3
    assert set(page.tags) <= {"table", "thead", "tbody", "tr", "th", "td"}


def test_a_cell_of_a_table_artifact_is_no_link() -> None:
    assert table_cell("[x](javascript:alert(1))\u202e") == "[x] (javascript:alert(1)) "
