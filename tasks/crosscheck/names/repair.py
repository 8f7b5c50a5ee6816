"""Repair of names that programs damaged before they reached us: escapes, mojibake, invisible characters.

Belongs here: damage of encoding. Must stay out: what a person writes on purpose, such as case and
abbreviations (`folding.py`, `affixes.py`).
"""

from __future__ import annotations

import html
import re
import unicodedata

import ftfy
import ftfy.bad_codecs
import polars as pl

LOST = "\ua78c"
"""Stands for a letter that a program lost. It is a letter of no name (saltillo), so that words stay whole."""

NO_ACCENTS = r"[\u0316-\u0322\u0329-\u032c\u032f\u0330\u0332\u0333\u0339-\u0344\u0347-\u034e]"
"""Marks that no language writes on Latin letters: they come from letters that were converted wrongly."""

CODECS = ("sloppy-windows-1252", "latin-1", "sloppy-windows-1250", "mac-roman", "sloppy-windows-1254")
"""Encodings as which UTF-8 is misread, the most frequent first."""


def _misread() -> str:
    """A pattern for a letter that, read as a byte, begins a UTF-8 sequence, and one that continues one."""
    pairs = []
    for codec in CODECS:
        first = bytes(range(0xC2, 0xF5)).decode(codec)
        then = bytes(range(0x80, 0xC0)).decode(codec)
        pairs.append(f"[{re.escape(first)}][{re.escape(then)}]")
    return "|".join(pairs)


SUSPICIOUS = (
    r"<U\+[0-9A-Fa-f]{4,6}>|&#?\w+;|\\u[0-9A-Fa-f]{4}|\\[0-7]{3}|\u00ad|\ufffd|\?|\p{L}_\p{L}|"
    r"\p{L}[\u00a8\u00af\u00b8\u02c7\u02d8-\u02dd^~]|" + NO_ACCENTS + "|" + _misread()
)
"""What only a damaged name contains; names without it skip the slow repair."""

_ESCAPE = re.compile(r"<U\+([0-9A-Fa-f]{4,6})>|\\u([0-9A-Fa-f]{4})")
_OCTAL = re.compile(r"(?:\\[0-7]{3})+")
_GAP = re.compile(r"(?<=\w)[?\ufffd]+(?=\w)|[?\ufffd]{1,2}(?=\w)|\ufffd+|(?<=\w)\?(?=$|[ ,(/-])")
_NO_ACCENT = re.compile(NO_ACCENTS)
_BELOW = re.compile(rf"[{NO_ACCENTS[1:-1]}\u0323-\u0325\u032d\u032e\u0331]+")
"""Marks below a letter: some are written, but not in a text that holds others that no language writes."""
_SIGN = re.compile(r"(?<=[^\W\d_])[\u00a8\u00af\u00b8\u02c7\u02d8-\u02dd^~]")
"""Accents that stand behind their letter as signs of their own."""
_MARKS = {"^": "\u0302", "~": "\u0303", "\u02c7": "\u030c"}
"""The marks of the signs that Unicode does not decompose."""
_UNDERSCORE = re.compile(r"(?<=[^\W\d_])_(?=[^\W\d_])")
_SEQUENCE = re.compile(r"[\u00c2-\u00df].|[\u00e0-\u00ef]..|[\u00f0-\u00f4]...", re.DOTALL)


def repair(text: pl.Expr, max_length: int) -> pl.Expr:
    """The text without damage of encoding and control characters, in NFKC, with single spaces.

    The text is cut at `max_length` characters first; null becomes the empty text.
    """
    text = text.fill_null("").str.slice(0, max_length)
    damaged = text.str.contains(SUSPICIOUS)
    mended = (
        pl.when(damaged)
        .then(pl.when(damaged).then(text).map_elements(repair_one, return_dtype=pl.String, skip_nulls=True))
        .otherwise(text)
    )
    return mended.str.normalize("NFKC").str.replace_all(r"[\p{C}\s]+", " ").str.strip_chars()


def repair_one(text: str) -> str:
    """One damaged text, repaired as far as the repair is certain; otherwise unchanged."""
    unescaped = html.unescape(_OCTAL.sub(_octal, _ESCAPE.sub(_character, text)))
    if _NO_ACCENT.search(unescaped):
        unescaped = _BELOW.sub(LOST, unicodedata.normalize("NFD", unescaped))
    unescaped = _GAP.sub(lambda match: LOST * len(match[0]), _UNDERSCORE.sub(LOST, unescaped))
    whole = _reread(unescaped)
    mended = (
        whole if whole is not None else _SEQUENCE.sub(lambda match: _reread(match[0]) or match[0], unescaped)
    )
    return str(ftfy.fix_text(_SIGN.sub(_accent, mended)))


def _reread(text: str) -> str | None:
    """The text with its bytes read as UTF-8; None where they are not UTF-8 in any of `CODECS`.

    Bytes of another encoding are hardly ever valid UTF-8 by chance.
    """
    for codec in CODECS:
        try:
            read = text.encode(codec).decode("utf-8")
        except UnicodeError:
            continue
        if read != text:
            return read
    return None


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else ""


def _accent(match: re.Match[str]) -> str:
    """The sign, or a lost letter where no letter is written with its mark ("Pa¸ls" was Paüls)."""
    mark = _MARKS.get(match[0]) or unicodedata.normalize("NFKD", match[0])[-1]
    letter = unicodedata.normalize("NFC", match.string[match.start() - 1] + mark)
    return match[0] if len(letter) == 1 else LOST


def _octal(match: re.Match[str]) -> str:
    data = bytes(int(digits, 8) & 0xFF for digits in match[0].split("\\")[1:])
    return data.decode("utf-8", errors="ignore")
