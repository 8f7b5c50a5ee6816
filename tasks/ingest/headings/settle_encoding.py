"""In which encoding a file is that does not say it: the one whose letters fit the countries of its rows.

Belongs here: comparing the encodings by the letters they give. Must stay out: the encodings themselves
(`tasks/ingest/files/encodings.py`) and the letters of each country (`programme/form.toml`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
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
_BEFORE_WORDS = frozenset("“”‘«»¿¡£€§„‚‹…")
_BEHIND_WORDS = frozenset("”’“»›…™®©°ºª²³")
"""Signs that may stand directly before a word, and directly behind one."""
_WORD = 12
"""Letters on either side of a sign that are looked at."""
_OWN = 2
"""What a letter of the country's own alphabet weighs; where there is one, western letters say nothing."""
_OPENING, _CLOSING = frozenset("“”«»„‹›‘‚"), frozenset("“”«»›‹")
"""Quotation marks; one is not in its usual place without its other."""
_RARE = frozenset("…™®©")
"""Signs that people seldom write directly beside a word: they weigh 1."""
_SIGN = 2
"""What a sign in its usual place weighs: more than a letter, as which another encoding may read it."""
_APOSTROPHE = re.compile(
    r"\w[’´](?:s|t|re|ll|d|ve|m)(?!\w)"
    r"|(?<!\w)(?:[ldnsjcmt]|qu|lorsqu|aujourd|un|dell|all|nell|sull|dall)[’´]\w",
    re.IGNORECASE,
)
"""An apostrophe as English, French and Italian write it within a word."""
_SAME = str.maketrans("ŞşŢţ", "ȘșȚț")
"""Letters that encodings before Unicode 3 did not tell apart: Romanian's with a cedilla and with a comma."""
_OTHER = re.compile(r"[^\x00-\x7F]")
_BLANKS = frozenset("\xa0\xad")
"""A blank that keeps words on one line, and a hyphen that shows only at the end of one."""
_BETWEEN_WORDS = re.compile(r"[^\W\d_]{3}[–—][^\W\d_]{3}")
_ROWS = 2000
"""Rows with other letters than ASCII's that are looked at."""
_LETTERS = 20_000
"""Letters beyond ASCII's that are looked at."""
_COUNTRY_WEIGHT = 3
"""How much a country that is recognised, or is not, weighs against a letter."""
_LEAST_FIT = 0.9
"""Share of the letters that must fit; below it, the encoding is in doubt."""

Place = tuple[str, str, int]
"""A letter beyond ASCII's: what its row says as the country, the text around it, and its place there."""


def settle_encoding(grid: Grid, layout: SheetLayout, form: FormRules, table: str) -> Grid:
    """The grid in the encoding whose letters fit best; with a note where that leaves doubt.

    Only a text that neither says its encoding nor is UTF-8 is looked at.
    """
    if grid.encoding != WINDOWS_1252:
        return grid
    rows = _rows_of_interest(grid, layout.first_answer)
    country = _country_position(layout, form.tables[table])
    places, countries = _places(rows, country), _countries(rows, country)
    points = {name: _points(places, countries, name, form) for name in CODECS}
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


def _countries(rows: Sequence[Sequence[str | None]], country: int | None) -> Counter[str]:
    """What is written as a country, with how many rows say it."""
    return Counter(row[country] or "" if country is not None else "" for row in rows)


def _places(rows: Sequence[Sequence[str | None]], country: int | None) -> list[tuple[Place, int]]:
    """Every letter beyond ASCII's, the first `_LETTERS` of them, each different one once with how often."""
    found: Counter[Place] = Counter()
    seen = 0
    for row in rows:
        written = row[country] or "" if country is not None else ""
        for cell in row:
            for letter in _OTHER.finditer(cell or ""):
                start = max(0, letter.start() - _WORD)
                around = letter.string[start : letter.end() + _WORD]
                found[written, around, letter.start() - start] += 1
                seen += 1
        if seen >= _LETTERS:
            break
    return list(found.items())


def _points(
    places: Sequence[tuple[Place, int]], countries: Counter[str], name: str, form: FormRules
) -> tuple[int, int]:
    """How many letters fit, and how many speak against the encoding."""
    fits = against = 0
    letters = {}
    for written, times in countries.items():
        iso3 = exact_iso3(in_encoding(written, name)) if written else None
        letters[written] = form.letters_of(iso3)
        if not written.isascii():
            weight = _COUNTRY_WEIGHT * times
            fits, against = (fits + weight, against) if iso3 else (fits, against + weight)
    for (written, around, place), times in places:
        points = times * _points_of(in_encoding(around, name), place, letters[written])
        fits, against = fits + max(points, 0), against - min(points, 0)
    return fits, against


def _points_of(text: str, place: int, letters: frozenset[str]) -> int:
    letter = text[place]
    if letter in _BLANKS:
        return 1
    if not letter.isalpha():
        return _points_of_sign(text, place)
    if letter.lower()[0] in letters or _script(letter) in letters:
        return _OWN * _points_of_letter(text, place)
    if letter.lower() in _WESTERN:
        return _points_of_letter(text, place) if not letters else min(0, _points_of_letter(text, place))
    return -1


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
    weight = 1 if sign in _RARE else _SIGN
    if before.isalpha() and behind.isalpha():
        if sign in "’´":
            return weight if _APOSTROPHE.search(around) else -1
        return weight if sign in "–—" and _BETWEEN_WORDS.search(around) else -1
    if before.isalpha():
        return weight if sign in _BEHIND_WORDS and _is_closed(text, place) else -1
    if behind.isalpha():
        return weight if sign in _BEFORE_WORDS and _is_opened(text, place) else -1
    return weight if sign in _ALONE else -1


def _is_closed(text: str, place: int) -> bool:
    """Whether a quotation mark behind a word has its opening one before it, as far as the text is seen."""
    return text[place] not in _CLOSING or place >= _WORD or not _OPENING.isdisjoint(text[:place])


def _is_opened(text: str, place: int) -> bool:
    """Whether a quotation mark before a word has its closing one behind it, as far as the text is seen."""
    unseen = len(text) - place > _WORD
    return text[place] not in _OPENING or unseen or not (_CLOSING | {"’"}).isdisjoint(text[place + 1 :])


def _script(letter: str) -> str:
    """The script of a letter, as its name begins: CYRILLIC, GREEK."""
    return unicodedata.name(letter, "").partition(" ")[0]


def _differs(rows: Iterable[Sequence[str | None]], one: str, other: str) -> bool:
    return any(
        in_encoding(cell, one).translate(_SAME) != in_encoding(cell, other).translate(_SAME)
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
