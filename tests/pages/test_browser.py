"""The report in a real browser: no request, both themes, a telephone, paper, the keyboard, no script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from pages.report import internal_report, public_report
from programme.programme import Programme
from samples import hostile
from tests.pages.conftest import Open
from tests.pages.making import made

WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPEN_ALL = 'for (const one of document.querySelectorAll("details")) one.open = true'
WIDE = "document.documentElement.scrollWidth"
GROUPS = tuple((2 * n, 2 * n + 1) for n in range(24))
NAMES = {0: hostile.SCRIPT, 3: hostile.RIGHT_TO_LEFT, 49: "Llanfairpwllgwyngyllgogerychwyrndrobwll" * 3}


def large(programme: Programme, edition: Callable[..., str] = internal_report) -> str:
    """24 twinnings of 60 applications, among them hostile and long names."""
    return edition(made(programme, GROUPS, count=60, names=NAMES))


def test_a_report_opens_and_the_keyboard_names_a_twinning(open_page: Open, programme: Programme) -> None:
    page = open_page(internal_report(made(programme)))
    name = page.locator(".name-1")
    assert name.evaluate("one => getComputedStyle(one).visibility") == "hidden"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.twin.at-1')"):
            break
    assert name.evaluate("one => getComputedStyle(one).visibility") == "visible"
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith(
        "Twinning 1: Porto and"
    )
    page.keyboard.press("Enter")
    assert page.url.endswith("#T-0")


@pytest.mark.long
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 390])
@pytest.mark.parametrize("edition", [internal_report, public_report])
def test_axe_finds_nothing_with_everything_open(
    open_page: Open, programme: Programme, edition: Callable[..., str], width: int, theme: str
) -> None:
    page = open_page(large(programme, edition), width, color_scheme=theme)
    page.evaluate(OPEN_ALL)
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG_22_AA}}).response
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]] == []
    # Digits on the map are one letter long, which axe cannot judge; `test_look.py` counts their contrast.
    assert {one["id"] for one in found["incomplete"]} <= {"color-contrast", "target-size"}
    assert page.evaluate(WIDE) == width


@pytest.mark.long
def test_without_the_script_nothing_is_missing(open_page: Open, programme: Programme) -> None:
    text = large(programme)
    page = open_page(text, java_script_enabled=False)
    assert page.locator("#theme").is_hidden()
    assert page.locator(".filter").first.is_hidden()
    page.get_by_text("Every city of the map as a table").click()
    assert page.locator("#cities tbody tr").count() == 48
    assert page.locator("#cities tbody tr").last.is_visible()


@pytest.mark.long
def test_filter_and_sort(open_page: Open, programme: Programme) -> None:
    page = open_page(internal_report(made(programme, GROUPS, count=150, names={60: "Ærøskøbing é"})))
    rows = page.locator("#unplaced tbody tr:visible")
    everybody = rows.count()
    page.fill("#unplaced-filter", "suva 10")
    assert 0 < rows.count() < 3
    assert page.locator("[data-filters=unplaced] output").text_content() == (f"{rows.count()} of {everybody}")
    page.fill("#unplaced-filter", "ÆRØSKØBING E")
    assert rows.count() == 1
    page.fill("#unplaced-filter", "")
    assert rows.count() == everybody
    points = page.locator("#unplaced th", has_text="Points").first
    points.get_by_role("button").click()
    assert points.get_attribute("aria-sort") == "ascending"
    column = page.locator("#unplaced tbody td:nth-child(4)").all_text_contents()
    assert [float(one) for one in column] == sorted(float(one) for one in column)
    points.get_by_role("button").press("Enter")
    assert points.get_attribute("aria-sort") == "descending"


@pytest.mark.long
def test_the_theme_is_the_reader_s(open_page: Open, programme: Programme) -> None:
    page = open_page(internal_report(made(programme)), color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.get_by_role("button", name="Light theme").click()
    assert page.evaluate(ground) != dark
    page.get_by_role("button", name="Dark theme").click()
    assert page.evaluate(ground) == dark


@pytest.mark.long
def test_paper_has_everything_and_is_light(open_page: Open, programme: Programme) -> None:
    page = open_page(internal_report(made(programme)), color_scheme="dark", java_script_enabled=False)
    page.emulate_media(media="print")
    assert page.locator("#cities tbody tr").last.is_visible()
    assert page.locator(".aside").is_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.long
def test_a_hostile_name_runs_nothing(open_page: Open, programme: Programme) -> None:
    page = open_page(large(programme))
    page.on("dialog", lambda _: pytest.fail("a script ran"))
    page.evaluate(OPEN_ALL)
    assert page.locator("img").count() == 0
    assert page.get_by_text(hostile.SCRIPT).count() > 2
