"""The program that makes the pictures of pages in `docs/images`, from the rounds of the demo.

    make demo && make screenshots

Belongs here: which part of which page is a picture. The pictures are small enough to be kept with the code.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, sync_playwright

from flows.context import open_context
from flows.report import make_report
from tests.pages.conftest import NAMES, QUIET

FOLDER = Path(__file__).parents[2] / "docs" / "images"
ROUND = "2026-01"
MOST_BYTES = 300_000


@dataclass(frozen=True)
class Picture:
    """A picture: its file, the size of the window, the theme, and the element at its top (None: the page)."""

    name: str
    width: int
    height: int
    theme: Literal["light", "dark"]
    at: str | None = None
    public: bool = False


PICTURES = (
    Picture("report.png", 1280, 1160, "light", "map"),
    Picture("report-top.png", 1280, 900, "light"),
    Picture("report-dark.png", 1280, 900, "dark", "twinnings"),
    Picture("report-telephone.png", 390, 844, "light"),
    Picture("report-public.png", 1280, 900, "light", public=True),
)


def take(browser: Browser, picture: Picture, text: str) -> None:
    """Take one picture of a page."""
    size: Any = {"width": picture.width, "height": picture.height}
    page = browser.new_page(viewport=size, color_scheme=picture.theme)
    page.set_content(text)
    if picture.at:
        page.evaluate("id => document.getElementById(id).scrollIntoView({behavior: 'instant'})", picture.at)
    page.screenshot(path=FOLDER / picture.name)
    page.close()
    if (size := (FOLDER / picture.name).stat().st_size) > MOST_BYTES:
        sys.exit(f"{picture.name} has {size} bytes, more than {MOST_BYTES}; make it smaller")


def main() -> None:
    """Take all pictures."""
    context = open_context()
    version = context.latest_version(ROUND)
    chromium = next((path for name in NAMES if (path := shutil.which(name))), None)
    if chromium is None:
        sys.exit("no Chromium is on the path (Debian, Ubuntu: apt install chromium)")
    FOLDER.mkdir(exist_ok=True)
    texts = {public: make_report(context, ROUND, version, public=public) for public in (False, True)}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        for picture in PICTURES:
            take(browser, picture, texts[picture.public])
        browser.close()


if __name__ == "__main__":
    main()
