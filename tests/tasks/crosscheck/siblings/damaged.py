"""Lost letters, other code pages, detached marks, and typing errors."""

from __future__ import annotations

import unicodedata
from random import Random

import polars as pl

from tasks.crosscheck.names.fuzzy import NameTable, nearest
from tests.tasks.crosscheck.siblings.drawing import Drawn, asked, plain

LETTERS = "abcdefghijklmnopqrstuvwxyz"
PAGES = ("cp1250", "cp1252", "mac_roman", "cp1254", "latin-1")
SHORT = 6
PAIRS = (
    ("cp1250", "cp1252"),
    ("mac_roman", "cp1252"),
    ("cp1254", "cp1252"),
    ("cp1252", "cp1250"),
    ("cp1252", "mac_roman"),
)
"""The page a text was written in, and the one it was read in."""
SPACING = {
    "\u0300": "`",
    "\u0301": "´",
    "\u0302": "^",
    "\u0303": "~",
    "\u0308": "¨",
    "\u030c": "ˇ",
    "\u0327": "¸",
    "\u0306": "˘",
}


def accented(drawn: Drawn, most: int, kind: str) -> pl.DataFrame:
    """Rows whose place is written with Latin letters outside ASCII, and whose name no other place has."""
    latin = drawn.own.filter(
        pl.col("place_name").str.contains(r"[À-ɏ]"), pl.col("place_name").str.contains(r"^[\p{Latin} '’-]+$"),
        pl.col("key").str.len_chars() >= SHORT - 1,
    )  # fmt: skip
    alone = latin.join(
        drawn.others.select("country_iso3", "key").unique(), on=["country_iso3", "key"], how="anti"
    )
    return drawn.sample(alone, most, kind)


def lost_letters(drawn: Drawn, most: int) -> pl.DataFrame:
    """Every letter outside ASCII replaced by a question mark or U+FFFD, as programs do."""
    draw, rows = drawn.random("lost"), []
    for city in accented(drawn, most, "lost").iter_rows(named=True):
        sign = draw.choice("?\ufffd")
        text = "".join(letter if letter < "\x80" else sign for letter in str(city["place_name"]))
        rows.append((text, city["country_iso3"], None, None, city["register_id"]))
    return asked(rows)


def misread(drawn: Drawn, most: int) -> pl.DataFrame:
    """UTF-8 that was read in another code page."""
    draw, rows = drawn.random("misread"), []
    for city in accented(drawn, most, "misread").iter_rows(named=True):
        data = unicodedata.normalize("NFC", str(city["place_name"])).encode()
        text = data.decode(draw.choice(PAGES), errors="ignore")
        rows.append((text, city["country_iso3"], None, None, city["register_id"]))
    return asked(rows)


def other_page(drawn: Drawn, most: int) -> pl.DataFrame:
    """Text of one code page that was read in another."""
    draw, rows = drawn.random("pages"), []
    for city in accented(drawn, 3 * most, "pages").iter_rows(named=True):
        name = unicodedata.normalize("NFC", str(city["place_name"]))
        written, read = draw.choice(PAIRS)
        try:
            text = name.encode(written).decode(read)
        except UnicodeError:
            continue
        if text != name:
            rows.append((text, city["country_iso3"], None, None, city["register_id"]))
    return asked(rows[:most])


def detached_marks(drawn: Drawn, most: int) -> pl.DataFrame:
    """Marks beside their letters, and marks that are not those of the letter."""
    draw, rows = drawn.random("marks"), []
    for city in accented(drawn, most, "marks").iter_rows(named=True):
        apart = unicodedata.normalize("NFD", str(city["place_name"]))
        way = draw.choice(("spacing", "space", "wrong"))
        if way == "spacing":
            text = "".join(SPACING.get(letter, letter) for letter in apart)
        elif way == "space":
            text = "".join(f" {letter}" if unicodedata.combining(letter) else letter for letter in apart)
        else:
            text = "".join("\u0334" if unicodedata.combining(letter) else letter for letter in apart)
        rows.append((text, city["country_iso3"], None, None, city["register_id"]))
    return asked(rows)


def with_error(name: str, draw: Random) -> str:
    """The name with one letter left out, added, replaced, or swapped with the next one."""
    at = draw.randrange(1, len(name) - 1)
    way = draw.choice(("out", "added", "replaced", "swapped"))
    if way == "out":
        return name[:at] + name[at + 1 :]
    if way == "added":
        return name[:at] + draw.choice(LETTERS) + name[at:]
    if way == "replaced":
        return name[:at] + draw.choice(LETTERS) + name[at + 1 :]
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def short_with_error(drawn: Drawn, most: int) -> pl.DataFrame:
    """Names of five or six letters with one error and their inhabitants."""
    draw, rows = drawn.random("short"), []
    short = drawn.own.filter(pl.col("key").str.contains(r"^[a-z]{5,6}$"), pl.col("population") > 0)
    for city in drawn.sample(short, most, "short").iter_rows(named=True):
        text = with_error(str(city["key"]), draw).capitalize()
        rows.append((text, city["country_iso3"], city["population"], None, city["register_id"]))
    return asked(rows)


def four_letters(drawn: Drawn, most: int) -> pl.DataFrame:
    """Names of four letters that differ by one letter from that of a row, and are no name of a place."""
    draw, rows = drawn.random("four"), []
    short = drawn.own.filter(pl.col("key").str.contains(r"^[a-z]{4}$"))
    for city in drawn.sample(short, most, "four").iter_rows(named=True):
        name = str(city["key"])
        at = draw.randrange(4)
        rows.append(
            (name[:at] + draw.choice("qxzvk") + name[at + 1 :], city["country_iso3"], None, None, None)
        )
    made = asked(rows)
    known = drawn.gazetteer.find(made.select("country_iso3", key="name"))
    return made.join(known, left_on=["country_iso3", "name"], right_on=["country_iso3", "key"], how="anti")


def near_an_alias(drawn: Drawn, most: int) -> pl.DataFrame:
    """Another place's name with one typing error, that is as near to an obscure name of a row's place.

    It is near no row's own name.
    """
    draw = drawn.random("alias")
    aliases = drawn.gazetteer.spellings.join(drawn.own.select("place", "register_id"), on="place").filter(
        ~pl.col("main")
    )
    others = drawn.others.filter(
        pl.col("key").str.contains(r"^[a-z]{6,}$"), pl.col("place_population") > 3_000
    ).sort("place")
    others = drawn.sample(others, 60 * most, "alias")
    texts = others.select(
        "country_iso3", "place_population", id=pl.int_range(pl.len(), dtype=pl.UInt32),
        text=pl.Series([with_error(name, draw) for name in others["key"]]),
    )  # fmt: skip
    near = nearest(texts, NameTable.of(aliases), 0.0).select("id").unique()
    rows = drawn.own.select("country_iso3", compact=pl.col("key").str.replace_all(" ", ""))
    as_near = nearest(texts, NameTable.of(rows), 0.0).select("id").unique()
    frame = texts.join(near, on="id", how="semi").join(as_near, on="id", how="anti").sort("id")[:most]
    return plain(
        frame, name=pl.col("text").str.to_titlecase(), country_iso3=pl.col("country_iso3"),
        register_id=pl.lit(None, dtype=pl.String),
    )  # fmt: skip
