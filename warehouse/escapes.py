"""How a text from outside is written into a format that has an escape of its own.

Belongs here: one function a format: Markdown, HTML, XML, calendars, CSV, workbooks, JSON on a terminal, file
names. Must stay out: what is written. Mail has a builder of its own (`tasks/letters/message.py`).

A text is decoded first, then cleaned (`one_line`, `lines`), then escaped, always in this order: what is
cleaned before it is decoded can bring back what the cleaning took out.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterable

MOST_OF_A_CELL = 32_767
"""Most characters of a workbook's cell (Excel), in units of UTF-16; a longer one is lost without a word."""
_CUT = "… (cut)"
_JOINERS = "\u200c\u200d"
"""Invisible, but part of the spelling of names in Persian and in the scripts of India."""
_MARKDOWN = re.compile(r"([\\`*_{}\[\]|~#]|:(?=//)|(?<=[wW]{3})\.)")
_AT_THE_START = re.compile(r"^(\s*)([-+=>]|\d+(?=[.)]))")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
FORMULA_START = r"^[\s\u200b-\u200f\u2060\ufeff\u00ad\u034f]*[=+\-@\t\r＝＋－＠]"
"""How a cell begins that a spreadsheet may take for a formula, also in full-width characters, and behind
characters that nobody sees.
"""
_UNSAFE_IN_A_NAME = re.compile(r"[^A-Za-z0-9_-]")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)
"""Names that no file may have on Windows."""
_LONGEST_NAME = 80


def one_line(text: object, most: int | None = None) -> str:
    """The visible characters on one line, at most so many.

    Control characters, line and paragraph separators, marks of the direction of writing and halves of
    surrogates become blanks; several blanks become one.
    """
    visible = " ".join(_visible(_text(text)).split())
    return visible if most is None else visible[:most].rstrip()


def lines(text: object) -> str:
    r"""Several lines of visible characters, each ended by ``\n``; blanks at the end of a line go."""
    return "\n".join(
        _visible(line).rstrip() for line in re.split(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]", _text(text))
    )


def markdown(text: object) -> str:
    """One line in which no character has a meaning in Markdown, in HTML, or as an address to click on."""
    escaped = _MARKDOWN.sub(r"\\\1", one_line(text)).translate(_ENTITIES)
    return _AT_THE_START.sub(_mask_the_start, escaped)


def html_text(text: object) -> str:
    """One line for the text or a quoted attribute of an HTML page."""
    return html.escape(one_line(text), quote=True)


def xml_text(text: object) -> str:
    """Lines for the text or a quoted attribute of an XML document, such as an Atom feed.

    Every character that XML 1.0 forbids is gone.
    """
    return html.escape(lines(text), quote=True)


def calendar_text(text: object) -> str:
    r"""Lines as the value of a text property of a calendar (RFC 5545, 3.3.11), on one line.

    Only for a line written by hand: a library that escapes by itself gets `lines`.
    """
    escaped = lines(text)
    for character, replacement in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        escaped = escaped.replace(character, replacement)
    return escaped


def csv_cell(text: str | None) -> str | None:
    """A text for a CSV file that people open in a spreadsheet: one that looks like a formula is told as text.

    An apostrophe goes before it. Cells that a program reads back under a contract stay as they are.
    """
    return f"'{text}" if text is not None and re.match(FORMULA_START, text) else text


def workbook_cell(text: object) -> str:
    """Lines that an XLSX cell can hold: none is lost because it is too long or holds what XML forbids.

    Formulas and links are the writer's matter: the workbook is made with `strings_to_formulas`,
    `strings_to_urls` and `strings_to_numbers` off, and cells are written as strings.
    """
    cleaned = lines(text)
    if _units(cleaned) <= MOST_OF_A_CELL:
        return cleaned
    room = (MOST_OF_A_CELL - len(_CUT)) * 2
    return cleaned.encode("utf-16-le")[:room].decode("utf-16-le", errors="ignore") + _CUT


def json_text(value: object, *, indent: int | None = 2) -> str:
    """JSON that a terminal shows without obeying it: what is not visible stands as `\\uXXXX`.

    A reader of JSON gets the same values back. Days and moments become ISO 8601, other values their text.
    """
    written = json.dumps(value, ensure_ascii=False, indent=indent, default=_json_value)
    return "".join(
        character if character.isprintable() or character == "\n" else json.dumps(character)[1:-1]
        for character in written
    )


def file_name(name: str, suffix: str) -> str:
    """A file name that stays in its folder, on every system; two names never share one.

    `suffix` begins with a dot. Names that differ only in case share one on some systems: `file_names`.
    """
    safe = _UNSAFE_IN_A_NAME.sub("_", name)[:_LONGEST_NAME]
    if safe and safe == name and not _RESERVED.fullmatch(safe) and not safe.startswith("-"):
        return f"{safe}{suffix}"
    return f"{safe.lstrip('-')}-{hashlib.sha256(_bytes(name)).hexdigest()[:8]}{suffix}"


def file_names(names: Iterable[str], suffix: str) -> dict[str, str]:
    """A file name for each name, so that no two of them share one where case does not count."""
    given = {name: file_name(name, suffix) for name in names}
    alike: dict[str, int] = {}
    for made in given.values():
        alike[made.casefold()] = alike.get(made.casefold(), 0) + 1
    return {
        name: made
        if alike[made.casefold()] == 1
        else f"{made.removesuffix(suffix)}-{hashlib.sha256(_bytes(name)).hexdigest()[:8]}{suffix}"
        for name, made in given.items()
    }


def _text(text: object) -> str:
    return "" if text is None else str(text)


def _visible(text: str) -> str:
    if text.isprintable():  # nearly every text: it costs nothing to ask first
        return text
    return "".join(one if one.isprintable() or one in _JOINERS else " " for one in text)


def _mask_the_start(found: re.Match[str]) -> str:
    blanks, mark = found.groups()
    return f"{blanks}{mark}\\" if mark.isdigit() else f"{blanks}\\{mark}"


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", errors="surrogatepass")


def _json_value(value: object) -> str:
    iso = getattr(value, "isoformat", None)
    return str(iso() if iso else value)
