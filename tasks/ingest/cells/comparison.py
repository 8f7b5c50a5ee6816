"""Texts as they are compared and kept: case, accents, punctuation and spacing aside, hidden characters gone.

Belongs here: the one key by which headings, choices and countries are compared, and the cleaning of every
cell. Must stay out: names of cities, which have a stronger normalisation of their own (`tasks/crosscheck`).
"""

from __future__ import annotations

import re
import unicodedata

import polars as pl

_NOT_WORD = re.compile(r"[\W_]+")
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d"}
    | {"Đ": "d", "ı": "i"}
)
"""Letters that Unicode does not take apart into a plain letter and an accent."""
HIDDEN = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064"
    r"\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
"""Characters nobody sees: controls, zero-width spaces, marks that turn the writing direction.

Joiners (U+200C, U+200D) stay, because scripts need them.
"""

VISIBLE = r"[^\p{Z}\p{C}\p{M}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]"
"""A character that a person sees by itself: neither blank nor mark nor joiner nor filler.

A text without one is blank.
"""


def comparison_key(text: str) -> str:
    """Lower case without accents, every run of other characters one blank.

    "A2. Côte d'Ivoire" and "a2 cote d ivoire" have the same key.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_LETTERS))
        text = "".join(character for character in text if not unicodedata.combining(character))
    return _NOT_WORD.sub(" ", text.casefold()).strip()


def clean_line(raw: pl.Expr) -> pl.Expr:
    """Texts of one line, composed (NFC).

    Hidden characters go, line breaks and runs of blanks become one blank, a blank text becomes null.
    """
    shown = raw.str.replace_all(r"[\s\u00a0\u2028\u2029]+", " ").str.replace_all(HIDDEN, "")
    return _blank_to_null(shown.str.replace_all(" {2,}", " ").str.normalize("NFC"))


def clean_text(raw: pl.Expr) -> pl.Expr:
    """Free texts, composed (NFC) and trimmed; everything else, markup too, stays as text.

    Hidden characters go, line ends become LF, a blank text becomes null.
    """
    shown = raw.str.replace_all(r"\r\n?|[\u2028\u2029\x85]", "\n").str.replace_all(HIDDEN, "")
    return _blank_to_null(shown.str.normalize("NFC"))


def _blank_to_null(text: pl.Expr) -> pl.Expr:
    trimmed = text.str.strip_chars()
    return pl.when(trimmed.str.contains(VISIBLE)).then(trimmed)
