"""Comparing texts as a reader would: case, accents, punctuation and spacing aside.

Belongs here: the one folding every comparison of headings, choices and countries uses. Must stay out: names
of cities, which have their own, stronger normalisation (`tasks/crosscheck`).
"""

from __future__ import annotations

import re
import unicodedata

import polars as pl

_NOT_WORD = re.compile(r"[^\w]+|_+")
_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "Æ": "ae",
        "œ": "oe",
        "Œ": "oe",
        "ø": "o",
        "Ø": "o",
        "ł": "l",
        "Ł": "l",
        "đ": "d",
        "Đ": "d",
        "ı": "i",
    }
)
HIDDEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]"
"""Characters nobody sees: controls, zero-width spaces, marks that turn the writing direction. Joiners
(U+200C/D) stay: scripts need them.
"""


def fold(text: str) -> str:
    """Lower case without accents, every run of other characters one blank: "A2. Côte d'Ivoire" and "a2 cote d
    ivoire" are the same.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_LETTERS))
        text = "".join(character for character in text if not unicodedata.combining(character))
    return _NOT_WORD.sub(" ", text.casefold()).strip()


def clean_line(raw: pl.Expr) -> pl.Expr:
    """Texts of one line: hidden characters gone, line breaks and runs of blanks one blank, composed (NFC);
    blank becomes null.
    """
    return _blank_to_null(
        raw.str.normalize("NFC").str.replace_all(r"[\s\u00a0\u2028\u2029]+", " ").str.replace_all(HIDDEN, "")
    )


def clean_text(raw: pl.Expr) -> pl.Expr:
    """Free texts: hidden characters gone, line ends as LF, composed (NFC), trimmed; everything else, markup
    too, stays as text.
    """
    return _blank_to_null(
        raw.str.normalize("NFC")
        .str.replace_all(r"\r\n?|[\u2028\u2029\x85]", "\n")
        .str.replace_all(HIDDEN, "")
    )


def _blank_to_null(text: pl.Expr) -> pl.Expr:
    trimmed = text.str.strip_chars()
    return pl.when(trimmed != "").then(trimmed)
