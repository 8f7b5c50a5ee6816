"""The internal report as a file: what is in it, in which order, and the same every time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from pages.components.environment import stylesheet
from pages.report import internal_report, public_report
from programme.programme import Programme
from samples import hostile
from tests.pages.making import made
from warehouse.escapes import one_line

MOST_BYTES = 2_000_000
SECTIONS = (
    *("funnel", "map", "twinnings", "not-placed", "balance", "weights", "waiting", "changes"),
    *("findings", "evaluators", "provenance"),
)
HOSTILE = {
    "SCRIPT": hostile.SCRIPT,
    "FORMULA": hostile.FORMULA,
    "TEMPLATE": hostile.TEMPLATE,
    "MARKDOWN": hostile.MARKDOWN,
    "CONTROL": hostile.CONTROL,
    "RIGHT_TO_LEFT": hostile.RIGHT_TO_LEFT,
    "QUOTES": "\"'`><!--",
}
VOID = {"meta", "link", "input", "br"}


class Page(HTMLParser):
    """A page taken apart: its elements with their attributes, its texts, and what is still open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] not in (["style"], ["script"]):
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


@pytest.fixture(scope="module")
def report(programme: Programme) -> str:
    return internal_report(made(programme))


def test_the_sections_come_in_order(report: str) -> None:
    found = [attributes["id"] for tag, attributes in Page(report).elements if tag == "section"]
    assert tuple(found) == SECTIONS


def test_the_page_is_well_formed_and_every_id_is_there_once(report: str) -> None:
    page = Page(report)
    assert page.open == []
    ids = [attributes["id"] for _, attributes in page.elements if attributes.get("id")]
    assert len(ids) == len(set(ids))
    targets = {str(attributes["href"])[1:] for tag, attributes in page.elements if tag == "a"}
    assert targets <= set(ids)
    for name in ("aria-labelledby", "for", "data-filters"):
        assert {attributes[name] for _, attributes in page.elements if name in attributes} <= set(ids)


@pytest.mark.parametrize("edition", [internal_report, public_report])
def test_a_report_asks_the_network_for_nothing(programme: Programme, edition: object) -> None:
    text = edition(made(programme))  # type: ignore[operator]
    loads = {"src", "srcset", "data", "poster", "action", "formaction", "background", "xlink:href", "style"}
    for tag, attributes in Page(text).elements:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form", "video", "audio"}
        assert not loads & set(attributes)
        assert str(attributes.get("href", "#")).startswith("#")
        assert not [name for name in attributes if name.startswith("on")]
    assert "url(" not in text
    assert "default-src &#39;none&#39;" in text


def test_blanks_between_parts_are_kept(report: str) -> None:
    assert "<bdi>Suva</bdi>, <bdi>Vancouver</bdi> and <bdi>Auckland</bdi>" in report
    classes = {
        name for _, attributes in Page(report).elements for name in str(attributes.get("class")).split()
    }
    known = set(re.findall(r"\.([a-z][\w-]*)", stylesheet())) | {"None"}
    assert {name for name in classes if not re.fullmatch(r"(at|name)-\d+|solid|twin", name)} <= known
    assert '<details class="panel" open>' in report


def test_every_city_of_the_map_is_in_its_table_and_every_form_is_told(
    report: str, programme: Programme
) -> None:
    text = Page(report).text
    for name in made(programme).tables["applications"]["city_name"]:
        assert name in text
    table = report.split('id="cities"')[1].split("</table>", maxsplit=1)[0]
    assert [name for name in ("Porto", "Bologna", "Suva", "Vancouver", "Auckland") if name not in table] == []


def test_every_picture_is_hidden_from_readers_or_has_a_name(report: str) -> None:
    for tag, attributes in Page(report).elements:
        if tag == "svg":
            assert attributes.get("aria-hidden") == "true" or attributes.get("aria-label")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text(programme: Programme, name: str) -> None:
    text = HOSTILE[name]
    plain, attacked = (
        internal_report(made(programme)),
        internal_report(made(programme, names={0: text, 3: text, 10: text, 11: text})),
    )
    before, after = Page(plain), Page(attacked)
    assert [tag for tag, _ in after.elements] == [tag for tag, _ in before.elements]
    assert after.open == []
    assert one_line(text) in after.text
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202a-\u202e]", attacked)


def test_a_long_name_does_no_harm(programme: Programme) -> None:
    data = made(programme, names={0: "A" * 5000, 5: hostile.LONG[:3000]})
    assert "A" * 5000 in internal_report(data)


def test_a_large_round_stays_small(programme: Programme) -> None:
    groups = [(2 * n, 2 * n + 1) for n in range(24)]
    text = internal_report(made(programme, groups, count=150))
    assert len(text.encode()) < MOST_BYTES
    assert text.count('class="twin ') == 24


@pytest.mark.parametrize("edition", [internal_report, public_report])
def test_a_round_without_twinnings_is_told(programme: Programme, edition: object) -> None:
    text = Page(edition(made(programme, groups=(), count=6))).text  # type: ignore[operator]
    assert "o twinning came about" in text


def test_the_same_version_gives_the_same_bytes(report: str, programme: Programme) -> None:
    assert internal_report(made(programme)) == report
    code = (
        "from programme.programme import read_programme; from tests.pages.making import made;"
        "from pages.report import internal_report; import sys;"
        "sys.stdout.buffer.write(internal_report(made(read_programme())).encode())"
    )
    elsewhere = os.environ | {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    again = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=elsewhere)
    assert again.stdout == report.encode()
