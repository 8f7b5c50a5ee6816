"""The templates' environment: everything is escaped, nothing undefined passes, and no text moves another.

Belongs here: how templates are found and how a value becomes text in them, the stylesheet and the script as
texts, and the policy that forbids a page everything else. Must stay out: any page's content.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pages.views import words
from programme.counts import counted
from warehouse.escapes import one_line

_HERE = Path(__file__).parent
MOST_NUMBERS = 60
"""So many twinnings of one map can be named beside it; more are named by their title alone."""


def visible(value: object) -> object:
    """A value as it stands in a page: nothing for None, and no character that moves other text.

    What is marked as markup is ours and stays; so do plain letters, with the blanks around a separator.
    """
    if value is None:
        return ""
    if isinstance(value, Markup) or not isinstance(value, str) or (value.isascii() and value.isprintable()):
        return value
    return one_line(value)


@cache
def environment(folders: Sequence[Path] = ()) -> Environment:
    """The environment with the templates of the components, and those of these folders."""
    made = Environment(
        loader=FileSystemLoader([*folders, _HERE / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=visible,
        auto_reload=False,
    )
    made.filters |= {
        "points": words.points,
        "duration": words.duration,
        "clock": words.clock,
        "in_words": words.in_words,
        "thousands": lambda number: f"{number:,}",
        "percent": lambda share: f"{share:.0%}",
        "signed": words.signed,
        "first_sentence": words.first_sentence,
    }
    made.globals |= {"counted": counted}
    made.tests["longword"] = words.has_long_word
    return made


@cache
def stylesheet() -> str:
    """The one stylesheet, with a rule for each number that shows a twinning's name beside the map."""
    text = (_HERE / "style.css").read_text("utf-8")
    rules = []
    for n in range(1, MOST_NUMBERS + 1):
        looked_at = f".map:has(.at-{n}:is(:hover,:focus-visible))"
        rules.append(f"{looked_at} .name-{n}{{visibility:visible}}{looked_at} .at-{n}{{opacity:1}}")
        rules.append(f"{looked_at} .at-{n} .arc{{stroke-width:3.6}}")
    return text + "\n".join(rules)


@cache
def script() -> str:
    """The one script: filter, sort, theme. Every page is complete without it."""
    return (_HERE / "script.js").read_text("utf-8")


@cache
def content_policy() -> str:
    """A policy that lets a page use its own stylesheet and script, and nothing else from anywhere."""
    return (
        f"default-src 'none'; style-src 'sha256-{_sha256(stylesheet())}'; "
        f"script-src 'sha256-{_sha256(script())}'; base-uri 'none'; form-action 'none'"
    )


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
