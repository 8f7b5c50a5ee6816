"""From news to the text and the HTML of its letter, through the templates of the programme.

Belongs here: filling in templates (Jinja2, sandboxed, every name known), and Markdown to HTML. Must stay
out: the facts (`news.py`), the message around them (`message.py`) and reading files
(`programme/letter_templates.py`).

A template is filled in twice: for the text part with values on one line each, for the HTML part with values
in which no character has a meaning in Markdown. No value can be markup, whatever a form holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from jinja2 import DictLoader, StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment
from markdown_it import MarkdownIt

from programme.counts import listed
from programme.letter_templates import TEMPLATES, template_file
from programme.problems import Problem, ProblemsError
from tasks.letters.frame import Frame
from tasks.letters.news import News, Partner
from tasks.letters.samples import SAMPLES
from tasks.letters.sources import Contact
from warehouse.escapes import markdown, one_line

KNOWN: frozenset[str] = frozenset(
    {field.name for field in fields(News) if field.name not in ("application_id", "contact")}
    | {field.name for field in fields(Frame)}
    | {"name", "application"}
)
"""Names that a template may use."""
_STYLE = (
    "font-family:system-ui,-apple-system,'Segoe UI',sans-serif;font-size:16px;line-height:1.5;max-width:42em"
)


class LetterTemplates:
    """The templates of all kinds of letters, checked once and filled in as often as wanted.

    `texts` are by name (`programme.letter_templates.TEMPLATES`). Raises `ProblemsError` with every mistake: a
    line that is no template, a name that no letter has, a value that is not there.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._text = _environment(texts, one_line)
        self._markdown = _environment(texts, markdown)
        self._html = MarkdownIt("commonmark", {"html": False, "breaks": True})
        problems = list(_mistakes(self._text, texts)) or list(self._unfilled())
        if problems:
            raise ProblemsError(problems)

    def text(self, news: News, frame: Frame) -> str:
        """The letter as plain text."""
        return _tidy(self._text.get_template(news.kind).render(_values(news, frame)))

    def html(self, news: News, frame: Frame) -> str:
        """The letter as HTML, without anything that is loaded from elsewhere."""
        written = _tidy(self._markdown.get_template(news.kind).render(_values(news, frame)))
        return f'<div lang="en" style="{_STYLE}">\n{self._html.render(written)}</div>\n'

    def _unfilled(self) -> Iterator[Problem]:
        """What cannot be filled in, by trying every kind with letters that use every passage."""
        seen = set()
        for news, frame in SAMPLES:
            try:
                self.text(news, frame)
            except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
                found = str(error)
                if found not in seen:
                    seen.add(found)
                    yield _problem(news.kind, found, "only what a letter has")


def _environment(texts: Mapping[str, str], finalize: Any) -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        loader=DictLoader(dict(texts)),
        undefined=StrictUndefined,
        finalize=lambda value: value if isinstance(value, int) else finalize(value),
        autoescape=False,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "day": day,
        "moment": moment,
        "hours": hours,
        "words": listed,
        "cities": cities,
        "person": person,
    }
    return environment


def _values(news: News, frame: Frame) -> dict[str, Any]:
    values = {field.name: getattr(frame, field.name) for field in fields(Frame)}
    values |= {field.name: getattr(news, field.name) for field in fields(News)}
    del values["application_id"]
    return values | {
        "application": news.application_id,
        "name": news.contact.name,
        "contact": frame.contact,
    }


def _mistakes(environment: SandboxedEnvironment, texts: Mapping[str, str]) -> Iterator[Problem]:
    for name in TEMPLATES:
        try:
            parsed = environment.parse(texts[name])
        except TemplateSyntaxError as error:
            yield _problem(name, str(error.message), "a Jinja2 template", error.lineno)
            continue
        ours = {node.name for node in parsed.find_all(nodes.Name) if node.ctx == "store"}
        for node in parsed.find_all(nodes.Name):
            if node.ctx == "load" and node.name not in KNOWN | ours:
                yield _problem(name, f"the name {node.name!r}", f"one of {_listed(KNOWN)}", node.lineno)
        for used in parsed.find_all(nodes.Filter):
            if used.name not in environment.filters:
                yield _problem(name, f"the filter {used.name!r}", "a filter that there is", used.lineno)


def _problem(name: str, found: str, expected: str, line: int | None = None) -> Problem:
    where = template_file(name) + (f", line {line}" if line else "")
    return Problem(found, expected, where, "Correct the template; nothing was sent.")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _tidy(text: str) -> str:
    """Without blanks at the ends of lines, and with one empty line at most between two paragraphs."""
    kept: list[str] = []
    for line in text.splitlines():
        stripped = line.rstrip()
        if stripped or (kept and kept[-1]):
            kept.append(stripped)
    return "\n".join(kept).strip() + "\n"


def day(value: date) -> str:
    """A day as a person writes it: `9 October 2025`."""
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime) -> str:
    """A moment with its time zone: `5 September 2025, 00:13 (Europe/Brussels)`."""
    return f"{day(value)}, {value:%H:%M} ({value.tzinfo})"


def hours(minutes: int) -> str:
    """Minutes as hours: `4 hours`, `1 hour and 30 minutes`."""
    whole, rest = divmod(minutes, 60)
    parts = [f"{whole} hour{'s' * (whole != 1)}"] if whole else []
    parts += [f"{rest} minutes"] if rest else []
    return listed(parts) or "0 hours"


def cities(partners: Sequence[Partner]) -> str:
    """Partners with their countries: `Jericho (Palestine) and Turku (Finland)`."""
    return listed(
        [
            f"{one.city or 'a city'} ({one.country})" if one.country else one.city or "a city"
            for one in partners
        ]
    )


def person(contact: Contact) -> str:
    """A contact on one line: name, role and address, as far as they are known."""
    return ", ".join(filter(None, (contact.name, contact.role, contact.address)))
