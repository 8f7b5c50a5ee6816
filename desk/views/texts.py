"""Values as text on a page of the desk: cells of a form, days, moments.

Belongs here: turning one value into text. Must stay out: sentences (the other views).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from pages.views.words import day, in_words, moment


def text_of(value: Any) -> str:
    """A cell as it is read: yes and no, days, lists and records in words; nothing for None."""
    for kind, written in _WRITTEN:
        if isinstance(value, kind):
            return written(value)
    return "" if value is None else str(value)


def _joined(values: Iterable[Any], between: str) -> str:
    return between.join(part for one in values if (part := text_of(one)))


_WRITTEN: tuple[tuple[type | tuple[type, ...], Callable[[Any], str]], ...] = (
    (bool, lambda value: "yes" if value else "no"),
    (datetime, moment),
    (date, day),
    (float, lambda value: f"{value:,.2f}"),
    (int, lambda value: f"{value:,}"),
    (Mapping, lambda value: _joined(value.values(), ", ")),
    ((list, tuple), lambda value: _joined(value, "; ")),
)
"""Kinds of values and how each is written; the first that fits counts."""


def word(value: Any) -> str:
    """A fixed word with its first letter large: `in_progress` is "In progress"."""
    text = in_words(text_of(value))
    return _NAMES.get(text, text[:1].upper() + text[1:])


_NAMES = {"gcom": "GCoM"}
"""Fixed words that are names."""
_FIXED = re.compile(r"(?<![\w/:.@-])[a-z]+(?:_[a-z]+)+(?![\w/@-]|[.:][\w/])")


def readable(text: str) -> str:
    """A sentence of the program with its fixed words and arrows as a page writes them."""
    return _FIXED.sub(lambda found: in_words(found[0]), text).replace(" -> ", " → ")
