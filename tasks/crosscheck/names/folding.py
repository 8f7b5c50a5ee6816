"""Name folding: two spellings of one name that differ in case, diacritics or punctuation become one string.

Belongs here: rules about letters and scripts. Must stay out: rules about words (`affixes.py`), and which part
of a typed name is the city (`parsing.py`).
"""

from __future__ import annotations

import polars as pl
from anyascii import anyascii

MARKS = (
    r"[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u1dc0-\u1dff"
    r"\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]"
)
"""Combining marks of the Latin, Greek, Cyrillic, Hebrew and Arabic scripts, and invisible characters.

The vowel signs of Indic scripts are letters, so they are not listed.
"""

DETACHED = r"(\p{L}) +[\u0300-\u036f]+|(\p{Latin})\p{M}+"
"""A mark behind a blank, as signs such as "¨" decompose to, and any mark on a Latin letter."""

LETTERS = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ł": "l",
    "ı": "i",
    "ħ": "h",
    "ŋ": "ng",
    "ŧ": "t",
    "ə": "a",
    "ĸ": "k",
    "ɓ": "b",
    "ɗ": "d",
    "ƙ": "k",
    "ƴ": "y",
    "ɛ": "e",
    "ɔ": "o",
    "ɣ": "g",
    "ʋ": "v",
    "ı̇": "i",
    "ς": "σ",
    "ي": "ی",
    "ى": "ی",
    "ك": "ک",
    "ة": "ه",
    "ـ": "",
    "ʻ": "",
    "ʼ": "",
    "ʿ": "",
    "ʾ": "",
    "ʹ": "",
    "`": "",
    "´": "",
}
"""Letters that Unicode does not decompose, and letters that keyboards exchange for each other."""


def fold_name(text: pl.Expr) -> pl.Expr:
    """The name in lower case, without diacritics, with one space between words of letters and digits.

    Names in other scripts keep their letters (see `transliterate`). `text` must be repaired already
    (`repair.py`). The result is empty for a name that holds no letter and no digit.
    """
    # an accent that stands for an apostrophe would leave its letter as a mark
    apart = text.str.replace_all("[´`]", "'").str.normalize("NFKD")
    joined = apart.str.replace_all(DETACHED, "${1}${2}").str.replace_all(MARKS, "")
    plain = joined.str.to_lowercase().str.replace_many(LETTERS)
    return plain.str.normalize("NFC").str.replace_all(r"[^\p{L}\p{M}\p{N}]+", " ").str.strip_chars()


def transliterate(names: pl.DataFrame) -> pl.DataFrame:
    """The rows whose `key` holds characters outside ASCII, with that key in Latin letters, folded.

    Rows whose key is ASCII already are left out, so the result can be added to `names`.
    """
    foreign = names.filter(pl.col("key").str.contains(r"[^\x00-\x7f]"))
    distinct = foreign.select(pl.col("key").unique(maintain_order=True))
    latin = distinct.with_columns(
        latin=pl.Series([anyascii(key) for key in distinct["key"]], dtype=pl.String)
    )
    return (
        foreign.join(latin, on="key", how="left", maintain_order="left")
        .with_columns(key=fold_name(pl.col("latin")))
        .drop("latin")
    )
