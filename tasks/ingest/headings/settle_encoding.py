"""In which encoding a file is that does not say it: the one whose letters fit the countries of its rows.

Belongs here: comparing the encodings by the letters they give. Must stay out: the encodings themselves
(`tasks/ingest/files/encodings.py`) and the letters of each country (`programme/form.toml`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

import polars as pl

from programme.form import FormColumn, FormRules
from tasks.ingest.cells.countries import exact_iso3
from tasks.ingest.files.encodings import CODECS, WINDOWS_1252, in_encoding
from tasks.ingest.files.grid import Grid
from tasks.ingest.headings.layout import SheetLayout

_WESTERN = frozenset("àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿßœšž")
"""Letters that any country's answers may have."""
_ALONE = frozenset("–—•·°§€£©®±×“”‘’„«»…")
"""Signs that may stand between blanks."""
_BEFORE_WORDS = frozenset("“‘«¿¡£€§„‚‹…")
_BEHIND_WORDS = frozenset("”’“»›…™®©°ºª²³")
"""Signs that may stand directly before a word, and directly behind one."""
_WORD = 12
"""Letters on either side of a sign that are looked at."""
_OWN = 2
"""What a letter of the country's own alphabet weighs; where there is one, western letters say nothing."""
_SIGN = 2
"""What a sign in its usual place weighs: more than a letter, as which another encoding may read it."""
_APOSTROPHE = re.compile(
    r"\w[’´](?:s|t|re|ll|d|ve|m)(?!\w)"
    r"|(?<!\w)(?:[ldnsjcmt]|qu|lorsqu|aujourd|un|dell|all|nell|sull|dall)[’´]\w",
    re.IGNORECASE,
)
"""An apostrophe as English, French and Italian write it within a word."""
_BETWEEN_WORDS = re.compile(r"[^\W\d_]{3}[–—][^\W\d_]{3}")
_ROWS = 2000
"""Rows with other letters than ASCII's that are looked at."""
_COUNTRY_WEIGHT = 3
"""How much a country that is recognised, or is not, weighs against a letter."""
_LEAST_FIT = 0.9
"""Share of the letters that must fit; below it, the encoding is in doubt."""


def settle_encoding(grid: Grid, layout: SheetLayout, form: FormRules, table: str) -> Grid:
    """The grid in the encoding whose letters fit best; with a note where that leaves doubt.

    Only a text that neither says its encoding nor is UTF-8 is looked at.
    """
    if grid.encoding != WINDOWS_1252:
        return grid
    rows = _rows_of_interest(grid, layout.first_answer)
    country = _country_position(layout, form.tables[table])
    points = {name: _points(rows, country, name, form) for name in CODECS}
    best = max(points, key=lambda name: points[name][0] - points[name][1])
    fits, against = points[best]
    score = fits - against
    rivals = [
        name
        for name, (more, less) in points.items()
        if name != best and more - less == score and _differs(rows, best, name)
    ]
    recoded = _recoded(grid, best)
    if fits and fits >= _LEAST_FIT * (fits + against) and not rivals:
        return recoded
    if not fits and not against:
        return recoded
    doubt = f"The file does not say its encoding; it was read as {best}, which is in doubt. "
    remedy = "Look at the names with accents, or export the file as UTF-8."
    return replace(recoded, notes=(*recoded.notes, ("encoding_certain", doubt + remedy)))


def _rows_of_interest(grid: Grid, first: int) -> list[tuple[str | None, ...]]:
    body = grid.cells.slice(first)
    other = body.select(pl.any_horizontal(pl.all().str.contains(r"[^\x00-\x7F]")).fill_null(value=False))
    return body.filter(other.to_series()).head(_ROWS).rows() if body.width else []


def _country_position(layout: SheetLayout, columns: dict[str, FormColumn]) -> int | None:
    return next((place for name, place in layout.positions.items() if columns[name].kind == "country"), None)


def _points(
    rows: Sequence[Sequence[str | None]], country: int | None, name: str, form: FormRules
) -> tuple[int, int]:
    """How many letters fit, and how many speak against the encoding."""
    fits = against = 0
    for row in rows:
        written = in_encoding(row[country] or "", name) if country is not None else ""
        iso3 = exact_iso3(written) if written else None
        if written and not written.isascii():
            fits, against = (fits + _COUNTRY_WEIGHT, against) if iso3 else (fits, against + _COUNTRY_WEIGHT)
        letters = form.letters_of(iso3)
        for cell in row:
            if cell and not cell.isascii():
                good, bad = _letters_that_fit(in_encoding(cell, name), letters)
                fits, against = fits + good, against + bad
    return fits, against


def _letters_that_fit(text: str, letters: frozenset[str]) -> tuple[int, int]:
    good = bad = 0
    for place, letter in enumerate(text):
        if letter.isascii():
            continue
        if not letter.isalpha():
            points = _points_of_sign(text, place)
        elif letter.lower()[0] in letters or _script(letter) in letters:
            points = _OWN * _points_of_letter(text, place)
        elif letter.lower() in _WESTERN:
            points = _points_of_letter(text, place) if not letters else min(0, _points_of_letter(text, place))
        else:
            points = -1
        good, bad = good + max(points, 0), bad - min(points, 0)
    return good, bad


def _points_of_letter(text: str, place: int) -> int:
    """A letter fits a word, but not where the case changes within it; alone it says nothing."""
    letter, before = text[place], text[place - 1 : place] if place else ""
    behind = text[place + 1 : place + 2]
    if (letter.isupper() and before.islower()) or (letter.islower() and behind.isupper()):
        return -1
    return 1 if before.isalpha() or behind.isalpha() else 0


def _points_of_sign(text: str, place: int) -> int:
    """A sign fits where people write it; within a word only some apostrophes, and dashes of whole words."""
    sign, around = text[place], text[max(0, place - _WORD) : place + 1 + _WORD]
    before, behind = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
    if before.isalpha() and behind.isalpha():
        if sign in "’´":
            return _SIGN if _APOSTROPHE.search(around) else -1
        return _SIGN if sign in "–—" and _BETWEEN_WORDS.search(around) else -1
    if before.isalpha():
        return _SIGN if sign in _BEHIND_WORDS else -1
    if behind.isalpha():
        return _SIGN if sign in _BEFORE_WORDS else -1
    return _SIGN if sign in _ALONE else -1


def _script(letter: str) -> str:
    """The script of a letter, as its name begins: CYRILLIC, GREEK."""
    return unicodedata.name(letter, "").partition(" ")[0]


def _differs(rows: Iterable[Sequence[str | None]], one: str, other: str) -> bool:
    return any(
        in_encoding(cell, one) != in_encoding(cell, other)
        for row in rows
        for cell in row
        if cell and not cell.isascii()
    )


def _recoded(grid: Grid, name: str) -> Grid:
    if name == WINDOWS_1252:
        return grid
    cells = grid.cells.with_columns(
        pl.col(column).map_elements(lambda text: in_encoding(text, name), return_dtype=pl.String)
        for column in grid.cells.columns
    )
    return replace(grid, cells=cells, encoding=name)
