"""Every page that can be reached from the season, and what must be true of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import httpx

from tests.desk.conftest import Worker

MOST_PAGES = 400
DANGEROUS = ("javascript:", "data:", "vbscript:", "//")
NO_ICON = "data:,"
"""The address by which a page says that it has no icon."""
OURS = frozenset(
    (
        *(
            "a",
            "article",
            "aside",
            "b",
            "bdi",
            "body",
            "br",
            "button",
            "caption",
            "circle",
            "code",
            "datalist",
        ),
        *("dd", "details", "div", "dl", "dt", "form", "g", "h1", "h2", "h3", "h4", "head", "header", "html"),
        *("input", "kbd", "label", "li", "line", "link", "main", "mark", "meta", "nav", "noscript", "ol"),
        *("option", "p", "path", "pre", "rect", "script", "section", "select", "small", "span", "strong"),
        *("summary", "svg", "table", "tbody", "td", "text", "textarea", "th", "thead", "title", "tr", "ul"),
    )
)
"""The elements that the templates of the desk are made of; any other came from a text."""


@dataclass
class Seen(HTMLParser):
    """A page taken apart: elements that are not ours, what could run, where it leads, what can be read."""

    foreign: set[str] = field(default_factory=set)
    could_run: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    in_script: bool = False

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in OURS:
            self.foreign.add(tag)
        self.in_script = tag == "script"
        for name, value in attrs:
            said = value or ""
            if (
                name.startswith("on")
                or name == "style"
                or (said.lower().startswith(DANGEROUS) and said != NO_ICON)
            ):
                self.could_run.append(f"{tag} {name}={said[:40]}")
            if name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
                self.addresses.append(said)
                self.links += [said] if name == "href" else []
            elif name in ("value", "title", "aria-label", "placeholder"):
                self.texts.append(said)

    def handle_data(self, data: str) -> None:
        if self.in_script and data.strip():
            self.could_run.append(data.strip()[:40])
        self.texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.in_script = self.in_script and tag != "script"

    @property
    def text(self) -> str:
        return "\n".join(self.texts)


def seen(page: httpx.Response) -> Seen:
    found = Seen()
    found.feed(page.text)
    found.close()
    return found


def is_download(path: str) -> bool:
    return path.endswith((".xlsx", ".csv", ".parquet", "/report"))


def crawl(amina: Worker, start: str = "/season") -> dict[str, httpx.Response]:
    """Every page that links lead to from a page, by its address; files and reports are left out."""
    pages: dict[str, httpx.Response] = {}
    ahead = [start]
    while ahead and len(pages) < MOST_PAGES:
        address = ahead.pop(0)
        if address in pages or is_download(urlsplit(address).path):
            continue
        pages[address] = amina.get(address)
        ahead += [
            one.partition("#")[0]
            for one in seen(pages[address]).links
            if one.startswith("/") and not one.startswith(("/static/", "/sign-", "/theme"))
        ]
        ahead = [one for one in dict.fromkeys(ahead) if one not in pages]
    return pages


def check(pages: Iterable[tuple[str, httpx.Response]], personal: Collection[str]) -> None:
    """What holds of every page: it answers, nothing runs in it, no address names a person, none is kept."""
    for address, page in pages:
        assert page.status_code in (200, 404, 409, 410), (address, page.status_code)
        found = seen(page)
        assert not found.foreign, (address, found.foreign)
        assert not found.could_run, (address, found.could_run)
        assert page.headers["cache-control"] == "no-store", address
        assert "script-src 'self'" in page.headers["content-security-policy"], address
        for one in (address, *found.addresses):
            named = [text for text in personal if text.lower() in unquote(one).lower()]
            assert not named, (address, one, named)
