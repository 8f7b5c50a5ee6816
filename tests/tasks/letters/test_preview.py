"""All letters on one page: grouped, counted, and nothing of a letter obeyed."""

from __future__ import annotations

from hypothesis import given

from tasks.letters.preview import Shown, preview_page
from tests.tasks.letters.nasty import nasty_texts
from tests.warehouse.test_escapes import Page

LETTERS = [
    Shown("B", "late", "City B", "b@example.org", "Late", "<p>Late.</p>", "to be sent"),
    Shown("A", "selected", "City A", "a@example.org", "A place", "<p>Good news.</p>", "correction"),
    Shown("C", "late", "City C", "no usable address", "Late", "<p>Late.</p>", "cannot be sent"),
]


def test_letters_are_grouped_by_kind_and_counted() -> None:
    page = preview_page("Letters", "3 letters.", LETTERS)
    assert page.index("Selected (1)") < page.index("Late (2)")
    assert page.index("City B") < page.index("City C")
    assert "<tr><td>all</td><td>3</td></tr>" in page
    assert "Nothing was sent by making this page." in page
    assert Page(page).tags.count("details") == 3


def test_the_page_loads_nothing() -> None:
    page = preview_page("Letters", "3 letters.", LETTERS)
    for word in ("://", "src=", "<script", "@import", "url("):
        assert word not in page


@given(nasty_texts())
def test_no_text_is_obeyed(text: str) -> None:
    shown = Shown(text, "late", text, text, text, "<p>x</p>", text)
    plain = Shown("a", "late", "a", "a", "a", "<p>x</p>", "a")
    assert Page(preview_page(text, text, [shown])).tags == Page(preview_page("a", "a", [plain])).tags
