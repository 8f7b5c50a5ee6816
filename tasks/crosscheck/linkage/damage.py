"""Candidates for damaged names: with letters that a program lost, or read in the wrong code page.

"Cala?as" is Calañas: a lost letter is unknown, not absent. Belongs here: what a damaged text may have been.
Must stay out: damage that can be undone with certainty (`names/repair.py`), and typing errors
(`candidates.py`).
"""

from __future__ import annotations

import re

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.linkage.index import RegisterIndex
from tasks.crosscheck.names.affixes import strip_words
from tasks.crosscheck.names.folding import fold_name
from tasks.crosscheck.names.fuzzy import NameTable
from tasks.crosscheck.names.pages import other_readings
from tasks.crosscheck.names.parsing import ParsedNames
from tasks.crosscheck.names.repair import LOST

MOST_LETTERS = 3
"""A lost sign stands for at most so many letters ("ß" is written "ss")."""
FEWEST_KNOWN = 3
"""A text with fewer letters left could be anything."""
NOT_SO_WRITTEN = 6.0
"""Points that a name loses which is not written with a letter outside ASCII where one was lost."""
FOUND = pl.Schema({"id": pl.UInt32(), "at": pl.UInt32()})


def is_lossy(parsed: ParsedNames) -> pl.DataFrame:
    """The names that miss letters: `id`."""
    return parsed.names.filter(pl.col("whole").str.contains(LOST, literal=True)).select("id")


def candidates_with_lost_letters(
    parsed: ParsedNames, index: RegisterIndex, rules: LinkingRules
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows, and the places, whose name a name with lost letters may be.

    Returns pairs like `candidates_by_similarity` and places like `places_by_name` without their facts.
    Programs lose letters outside ASCII, so a place that is written with such letters there is worth more.
    """
    lossy = parsed.names.join(is_lossy(parsed), on="id", how="semi").select(
        "id", "country_iso3", text=pl.col("head").str.replace_all(" ", "")
    )
    written = _written_so(lossy, index)
    rows = _matching(lossy, index.names)
    names = index.names.frame[rows["at"]].select(
        row="id", by_alias=pl.col("tier") == "alias", similar_name="compact"
    )
    of_row = index.rows.select("place", row="id")
    pairs = pl.concat([rows.select("id"), names], how="horizontal").join(of_row, on="row", how="left")
    found = _matching(lossy, index.gazetteer.table)
    spellings = index.gazetteer.spellings[found["at"]].select("place", "main", similar_name="compact")
    places = pl.concat([found.select("id"), spellings], how="horizontal")
    sure = pl.col("written").fill_null(value=False)
    worth = rules.points.lost - pl.when(sure).then(0.0).otherwise(NOT_SO_WRITTEN)
    pairs = pairs.join(written, on=["id", "place"], how="left").select(
        "id", "row", "similar_name", "by_alias", points=worth, tier=pl.lit("lost"), both_delta=pl.lit(0.0)
    )
    places = places.join(written, on=["id", "place"], how="left").select(
        "id", "place", "similar_name", place_points=worth
    )
    return (
        pairs.sort("id", "row", "points", descending=[False, False, True]).unique(
            ["id", "row"], keep="first", maintain_order=True
        ),
        places.sort("place_points", "similar_name").unique(["id", "place"], keep="last", maintain_order=True),
    )


def unsure(similar: pl.DataFrame, lossy: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The pairs by similarity, worth little enough that a person decides where letters are lost.

    No name explains the lost letters, so the sign may be no letter at all ("Torino_Milano").
    """
    marked = similar.join(
        lossy.select("id", lost=pl.lit(value=True)), on="id", how="left", maintain_order="left"
    )
    at_most = pl.col("points").clip(upper_bound=float(rules.points.within))
    return marked.with_columns(points=pl.when("lost").then(at_most).otherwise("points")).drop("lost")


def _written_so(lossy: pl.DataFrame, index: RegisterIndex) -> pl.DataFrame:
    """The places that are written with a letter outside ASCII at each lost sign: `id`, `place`, `written`."""
    schema = {"id": pl.UInt32(), "place": pl.Int32(), "written": pl.Boolean()}
    found = [pl.DataFrame(schema=schema)]
    accented = index.gazetteer.accented
    for id_, country, text in lossy.iter_rows():
        places = accented.get(country)
        if places is not None:
            hits = places.filter(pl.col("written").str.contains(_pattern(text, r"[^\x00-\x7f]", 1)))
            found.append(hits.select("place", id=pl.lit(id_, dtype=pl.UInt32), written=True).select(*schema))
    return pl.concat(found).unique()


def _matching(lossy: pl.DataFrame, table: NameTable) -> pl.DataFrame:
    """The names of the same country that a text with lost letters may be: `id`, `at` (row of the table)."""
    found = [pl.DataFrame(schema=FOUND)]
    for id_, country, text in lossy.iter_rows():
        begin, end = table.spans.get(country, (0, 0))
        known = text.replace(LOST, "")
        if begin == end or len(known) < FEWEST_KNOWN:
            continue
        lengths = table.lengths[begin:end]
        low = begin + int(lengths.searchsorted(len(known), "left"))
        high = begin + int(lengths.searchsorted(len(known) + MOST_LETTERS * text.count(LOST), "right"))
        compact = table.frame["compact"][low:high]
        possible = compact.str.contains(_pattern(text, "[a-z]", 0))
        at = pl.int_range(low, high, eager=True, dtype=pl.UInt32).filter(possible)
        found.append(pl.DataFrame({"at": at}).select("at", id=pl.lit(id_, dtype=pl.UInt32)).select(*FOUND))
    return pl.concat(found)


def _pattern(text: str, letter: str, least: int) -> str:
    """A pattern in which each run of lost signs stands for some letters."""
    runs = re.split(f"({LOST}+)", text)
    made = [
        f"{letter}{{{least},{MOST_LETTERS - 1 + len(run)}}}" if run.startswith(LOST) else re.escape(run)
        for run in runs
    ]
    return f"^{''.join(made)}$"


def keys_in_other_pages(
    names: pl.DataFrame, decided: pl.DataFrame, index: RegisterIndex, rules: LinkingRules
) -> pl.DataFrame:
    """Keys, like `search_keys`, of what texts say if they were read in the wrong code page.

    Only texts with a letter that no place of the country is written with are tried. `names`: `id`, `name` (as
    typed), `country_iso3`; `decided`: the `id` of the queries that a key decides.
    """
    strange = names.join(decided, on="id", how="anti").filter(
        pl.col("name").str.contains(r"[^\x00-\x7f]"), pl.col("name").str.len_chars() <= rules.max_name_length
    )
    rows = []
    for id_, country, text in strange.select("id", "country_iso3", "name").iter_rows():
        usual = index.gazetteer.letters.get(country, frozenset())
        rows += [(id_, country, reading) for reading in other_readings(text, usual)]
    schema = {"id": pl.UInt32(), "country_iso3": pl.String(), "name": pl.String()}
    readings = pl.DataFrame(rows, schema=schema, orient="row")
    whole = fold_name(pl.col("name"))
    return pl.concat(
        [
            readings.select(
                "id", "country_iso3", key=key, points=pl.lit(rules.points.lost), tier=pl.lit("recoded")
            )
            for key in (whole, strip_words(whole, rules.words))
        ]
    ).unique(maintain_order=True)
