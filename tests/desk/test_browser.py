"""The desk in a real browser: sign in, answer, undo, try, confirm, run, read the report; axe on each page."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Page

from flows.settings import environment_for
from tests.desk.conftest import ROUND
from tests.flows.office import Office
from tests.pages.conftest import browser

__all__ = ["browser"]
pytestmark = pytest.mark.long
WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPEN_ALL = 'for (const one of document.querySelectorAll("details")) one.open = true'
A_RUN = 900_000
"""Milliseconds in which a run of the samples ends on a busy machine."""


@contextmanager
def desk_of(processed: Office) -> Iterator[str]:
    """The link that the command prints, while the desk of an office is open."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from flows.cli import main; main()",
            "desk",
            "--port",
            str(port),
            "--for",
            "Amina",
        ],
        env={
            **environment_for(processed.context.settings),
            "PREFECT_HOME": str(processed.inputs.parent / "prefect"),
        },
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )
    printed = process.stdout.readline() if process.stdout else ""
    found = re.search(r"http://\S+", printed)
    assert found, printed
    try:
        yield found[0]
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def link(processed: Office) -> Iterator[str]:
    """The link to a desk over the samples' first round."""
    with desk_of(processed) as found:
        yield found


@pytest.fixture
def realistic(office: Office, shared_data: Path) -> Office:
    """An office in which the realistic first round was processed."""
    shutil.rmtree(office.inputs)
    shutil.copytree(shared_data / "rounds" / ROUND, office.inputs / ROUND)
    office.run(ROUND)
    return office


def opened(browser: Browser, link: str, faults: list[str], **options: object) -> Page:
    """The desk after signing in; requests to elsewhere and errors of pages are noted."""
    home = link.partition("/sign-in")[0]
    page = browser.new_context(**options).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(60_000)
    page.on("request", lambda one: None if one.url.startswith((home, "data:")) else faults.append(one.url))
    page.on("pageerror", lambda one: faults.append(str(one)))
    page.on("console", lambda one: faults.append(one.text) if "Security" in one.text else None)
    for _ in range(60):
        try:
            page.goto(link)
            break
        except Error:  # the server is not up yet
            page.wait_for_timeout(500)
    assert page.url.endswith("/season")
    return page


def test_a_working_day(browser: Browser, link: str, processed: Office) -> None:
    _play(browser, link, processed)


def test_a_working_day_on_the_realistic_round(browser: Browser, realistic: Office) -> None:
    with desk_of(realistic) as link:
        _play(browser, link, realistic)


def _play(browser: Browser, link: str, office: Office) -> None:
    """Sign in, answer ten points by keys, undo one, try, confirm, run, read the report."""
    faults: list[str] = []
    page = opened(browser, link, faults, viewport={"width": 1400, "height": 900})
    page.get_by_role("link", name=re.compile("^Queue")).first.click()
    page.wait_for_url("**/queue")
    page.keyboard.press("n")
    page.wait_for_url("**/queue/*")
    for _ in range(60):  # ten answers by the first key; points that are settled outside are passed over
        if len(_decided(office)) == 10:
            break
        here = page.url
        asks = page.locator(".choices li:first-child input").count()
        page.keyboard.press("n" if asks or not page.locator('[data-key="1"]').count() else "1")
        page.wait_for_url(lambda url, here=here: url != here)
    assert len(_decided(office)) == 10
    page.keyboard.press("u")
    page.get_by_text("Taken back:").wait_for()
    assert _decided(office)[-1]["kind"] == "undo"
    _try_and_confirm(page, office)
    _run(page)
    page.get_by_role("link", name="Version 2").first.click()
    page.get_by_role("link", name="Read the report").click()
    page.locator("#twinnings").wait_for()
    assert faults == []


def _decided(office: Office) -> list[dict[str, object]]:
    return [row for row in office.context.ledger.recorded_decisions(ROUND) if row["source"] == "cli"]


def _try_and_confirm(page: Page, office: Office) -> None:
    page.get_by_role("link", name="Matching board").click()
    page.locator(".tries button", has_text="the twinning").first.click()
    page.locator("#trial .headline-figure").wait_for()
    before = len(_decided(office))
    page.get_by_role("button", name="Start over").click()
    page.locator("#trial .headline-figure").wait_for(state="detached")
    assert len(_decided(office)) == before
    page.get_by_role("button", name=re.compile("^Confirm")).first.click()
    page.get_by_text("confirmed.").first.wait_for()
    assert _decided(office)[-1]["kind"] == "confirm"


def _run(page: Page) -> None:
    page.get_by_role("link", name="Runs and versions").click()
    page.fill("#run-reason", "answers of the day")
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_text(re.compile("^(Done|Stopped|Refused)")).wait_for(timeout=A_RUN)
    assert "Published version 2" in page.locator("#progress").inner_text()
    page.get_by_role("link", name="Runs and versions").first.click()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, link: str, theme: str) -> None:
    faults: list[str] = []
    page = opened(browser, link, faults, color_scheme=theme, viewport={"width": 1400, "height": 900})
    home = link.partition("/sign-in")[0]
    queue = f"{home}/rounds/{ROUND}/queue"
    page.goto(queue)
    kinds = page.locator(".kinds a").evaluate_all("all => all.slice(1).map(one => one.href)")
    points = []
    for kind in kinds:
        page.goto(kind)
        points += page.locator("table.queue th a").evaluate_all("all => all.slice(0, 1).map(one => one.href)")
    rest = ("applications", "board", "decisions", "runs", "versions/1", "workbook")
    pages = [
        f"{home}/season",
        queue,
        *points,
        *(f"{home}/rounds/{ROUND}/{one}" for one in rest),
        f"{home}/none",
    ]
    page.goto(f"{home}/rounds/{ROUND}/applications")
    pages.append(page.locator("#rows th a").first.evaluate("one => one.href"))
    for address in pages:
        for width in (1400, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(address)
            page.evaluate(OPEN_ALL)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
            found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG_22_AA}}).response
            told = [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]]
            assert told == [], (address, width)
    assert faults == []


def test_without_scripts_a_point_is_answered(browser: Browser, link: str, processed: Office) -> None:
    page = opened(browser, link, [], java_script_enabled=False)
    page.get_by_role("link", name=re.compile("^Queue")).first.click()
    page.get_by_role("link", name=re.compile("Twinnings to confirm")).click()
    page.locator("table.queue th a").first.click()
    page.get_by_role("button", name=re.compile("^Confirm")).click()
    assert _decided(processed)[-1]["kind"] == "confirm"
    page.get_by_role("button", name=re.compile("^Undo")).click()
    assert _decided(processed)[-1]["kind"] == "undo"
    page.get_by_role("link", name="Matching board").click()
    page.locator(".tries button").first.click()
    assert page.locator("#trial .headline-figure, #trial .told").count() >= 1
