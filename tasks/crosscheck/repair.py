"""Undoing what programs did to a name before it reached us: escapes, mojibake, invisible signs.

Belongs here: damage of encoding only. Must stay out: anything a person does on purpose (case, abbreviations, words), see `folding.py`,
`phrases.py`.
"""

from __future__ import annotations

import html
import re

import ftfy
import polars as pl

SUSPICIOUS = r"<U\+[0-9A-Fa-f]{4,6}>|&#?\w+;|\\u[0-9A-Fa-f]{4}|[ÃÂÄÅÆÇÈÉÊÐÑÎÏ×ØÙâãäåæçèéïðàá][\u0080-\u00ff\u0152-\u0192\u02c6-\u02dc\u2013-\u2122]|\u00ad|\ufffd"
"""What only a damaged name contains; all others skip the slow repair."""

_ESCAPE = re.compile(r"<U\+([0-9A-Fa-f]{4,6})>|\\u([0-9A-Fa-f]{4})")


def repair(text: pl.Expr, max_length: int) -> pl.Expr:
    """The text without control characters and damage of encoding, NFKC, single spaces, cut at `max_length` characters; null becomes empty."""
    text = text.fill_null("").str.slice(0, max_length)
    damaged = text.str.contains(SUSPICIOUS)
    mended = pl.when(damaged).then(pl.when(damaged).then(text).map_elements(repair_one, return_dtype=pl.String, skip_nulls=True)).otherwise(text)
    return mended.str.normalize("NFKC").str.replace_all(r"[\p{C}\s]+", " ").str.strip_chars()


def repair_one(text: str) -> str:
    """One damaged text mended as far as that is certain; unchanged where it is not."""
    unescaped = html.unescape(_ESCAPE.sub(_character, text))
    return str(ftfy.fix_text(unescaped))


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
