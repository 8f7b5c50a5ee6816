"""The program that makes the pictures of the desk in `docs/images`, from the second round of the demo.

    make demo && make screenshots

Belongs here: which page is a picture, and what is pressed on it before. The pictures of the report are made
by `tests/pages/screenshots.py`.
"""

from __future__ import annotations

import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Literal

import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from desk.access.people import Person
from desk.app import make_app
from flows.context import open_context
from flows.settings import DeskSettings
from tests.pages.conftest import NAMES, QUIET
from tests.pages.screenshots import FOLDER, MOST_BYTES, ROUND

AT = f"/rounds/{ROUND}"


@dataclass(frozen=True)
class Picture:
    """A picture: its file, the page, the window's size, the theme, and what is pressed before (selectors)."""

    name: str
    page: str
    width: int
    height: int
    theme: Literal["light", "dark"]
    presses: tuple[str, ...] = ()


PICTURES = (
    Picture("desk-queue.png", f"{AT}/queue", 1280, 820, "light"),
    Picture("desk-point.png", f"{AT}/queue?kind=rule", 1280, 900, "light", ("table.queue th a",)),
    Picture("desk-board.png", f"{AT}/board", 1280, 900, "light", (".tries .tiny",)),
    Picture("desk-season-dark.png", "/season", 1280, 900, "dark"),
    Picture("desk-telephone.png", f"{AT}/queue?kind=rule", 390, 844, "dark", ("table.queue th a",)),
)


@contextmanager
def served() -> Iterator[str]:
    """A desk over the data folder of the environment; the address at which one signs in."""
    app = make_app(open_context(), DeskSettings())
    ticket = app.state.guard.sessions.invite(Person("Amina", "approve"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.1)
    try:
        yield f"http://127.0.0.1:{port}/sign-in?ticket={ticket}"
    finally:
        server.should_exit = True
        thread.join(10)


def take(page: Page, home: str, picture: Picture) -> None:
    """Take one picture."""
    page.set_viewport_size({"width": picture.width, "height": picture.height})
    page.emulate_media(color_scheme=picture.theme)
    page.goto(f"{home}{picture.page}")
    for press in picture.presses:
        page.locator(press).first.click()
        page.wait_for_load_state("networkidle")
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=FOLDER / picture.name)
    if (size := (FOLDER / picture.name).stat().st_size) > MOST_BYTES:
        sys.exit(f"{picture.name} has {size} bytes, more than {MOST_BYTES}; make it smaller")


def take_all(browser: Browser, link: str) -> None:
    """Sign in and take all pictures."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(link)
    for picture in PICTURES:
        take(page, link.partition("/sign-in")[0], picture)


def main() -> None:
    """Take all pictures."""
    chromium = next((path for name in NAMES if (path := shutil.which(name))), None)
    if chromium is None:
        sys.exit("no Chromium is on the path (Debian, Ubuntu: apt install chromium)")
    FOLDER.mkdir(exist_ok=True)
    with served() as link, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        take_all(browser, link)
        browser.close()


if __name__ == "__main__":
    main()
