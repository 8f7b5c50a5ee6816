"""Candidates for damaged names: with letters that a program lost, or read in the wrong code page.

"Cala?as" is Calañas: a lost letter is unknown, not absent. Belongs here: what a damaged text may have been.
Must stay out: damage that can be undone with certainty (`names/repair.py`), and typing errors
(`candidates.py`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.linkage.evidence import ALIAS_HANDICAP
from tasks.crosscheck.linkage.index import RegisterIndex
from tasks.crosscheck.names.fuzzy import NameTable
from tasks.crosscheck.names.keys import search_keys
from tasks.crosscheck.names.pages import other_readings
from tasks.crosscheck.names.parsing import ParsedNames, parse_names
from tasks.crosscheck.names.repair import LOST

MOST_LETTERS = 3
"""A lost sign stands for at most so many letters ("ß" is written "ss")."""
FEWEST_KNOWN = 3
"""A text with fewer letters left could be anything."""
FOUND = pl.Schema({"id": pl.UInt32(), "at": pl.UInt32(), "filled": pl.Boolean()})


def is_lossy(parsed: ParsedNames) -> pl.DataFrame:
    """The names that miss letters: `id`."""
    return parsed.names.filter(pl.col("whole").str.contains(LOST, literal=True)).select("id")


def candidates_with_lost_letters(
    parsed: ParsedNames, index: RegisterIndex, rules: LinkingRules
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows, and the places, whose name a name with lost letters may be.

    Returns pairs like `candidates_by_similarity` and places like `places_by_name` without their facts. A name
    in which every lost sign stands for a letter is worth more than one in which it stands for none.
    """
    lossy = parsed.names.join(is_lossy(parsed), on="id", how="semi").select(
        "id", "country_iso3", text=pl.col("head").str.replace_all(" ", "")
    )
    rows = _matching(lossy, index.names)
    names = index.names.frame[rows["at"]].select(
        row="id", by_alias=pl.col("tier") == "alias", similar_name="compact"
    )
    worth = pl.when("filled").then(rules.points.lost).otherwise(rules.points.lost - ALIAS_HANDICAP)
    pairs = pl.concat([rows, names], how="horizontal").select(
        "id",
        "row",
        "similar_name",
        "by_alias",
        points=worth - pl.when("by_alias").then(ALIAS_HANDICAP).otherwise(0.0),
        tier=pl.lit("lost"),
        both_delta=pl.lit(0.0),
    )
    found = _matching(lossy, index.gazetteer.table)
    spellings = index.gazetteer.spellings[found["at"]].select("place", "main", similar_name="compact")
    places = pl.concat([found, spellings], how="horizontal").select(
        "id",
        "place",
        "similar_name",
        place_points=worth - pl.when("main").then(0.0).otherwise(ALIAS_HANDICAP),
    )
    return (
        pairs.sort("id", "row", "points", descending=[False, False, True]).unique(
            ["id", "row"], keep="first", maintain_order=True
        ),
        places.sort("place_points", "similar_name").unique(["id", "place"], keep="last", maintain_order=True),
    )


def _matching(lossy: pl.DataFrame, table: NameTable) -> pl.DataFrame:
    """The names of the same country that a text with lost letters may be: `id`, `at` (row of the table),
    `filled`.
    """
    found = [pl.DataFrame(schema=FOUND)]
    for id_, country, text in lossy.iter_rows():
        begin, end = table.spans.get(country, (0, 0))
        known = text.replace(LOST, "")
        if begin == end or len(known) < FEWEST_KNOWN:
            continue
        lengths = table.lengths[begin:end]
        low = begin + int(lengths.searchsorted(len(known), "left"))
        high = begin + int(
            lengths.searchsorted(len(known) + MOST_LETTERS * text.count(LOST), "right")
        )
        compact = table.frame["compact"][low:high]
        possible = compact.str.contains(_pattern(text, 0))
        hits = pl.DataFrame({"at": pl.int_range(low, high, eager=True, dtype=pl.UInt32).filter(possible)})
        filled = compact.filter(possible).str.contains(_pattern(text, 1))
        found.append(
            hits.select(id=pl.lit(id_, dtype=pl.UInt32), at="at").with_columns(filled=filled)
        )
    return pl.concat(found)


def _pattern(text: str, least: int) -> str:
    """A pattern in which each run of lost signs stands for some letters."""
    parts = [part for part in text.split(LOST)]
    pattern, run = "", 0
    for number, part in enumerate(parts):
        if number:
            run += 1
            if part or number == len(parts) - 1:
                pattern += f"[a-z]{{{min(least, run)},{MOST_LETTERS - 1 + run}}}"
                run = 0
        pattern += part
    return f"^{pattern}$"


def keys_in_other_pages(
    parsed: ParsedNames, decided: pl.DataFrame, index: RegisterIndex, rules: LinkingRules
) -> pl.DataFrame:
    """Keys, like `search_keys`, of what texts say if they were read in the wrong code page.

    Only texts with a letter that no place of the country is written with are tried. `decided`: the `id` of
    the queries that a key decides.
    """
    strange = parsed.names.join(decided, on="id", how="anti").filter(
        pl.col("text").str.contains(r"[^\x00-\x7f]")
    )
    rows = []
    for id_, country, text in strange.select("id", "country_iso3", "text").iter_rows():
        usual = index.gazetteer.letters.get(country, frozenset())
        rows += [(id_, country, reading) for reading in other_readings(text, usual)]
    schema = {"id": pl.UInt32(), "country_iso3": pl.String(), "name": pl.String()}
    readings = pl.DataFrame(rows, schema=schema, orient="row").with_row_index("n")
    again = parse_names(
        readings.select("country_iso3", "name", id=pl.col("n")), index.divisions, rules
    )
    keys = search_keys(again, rules).join(readings.select(id="n", of="id"), on="id")
    return keys.select(
        "country_iso3",
        "key",
        id="of",
        points=pl.min_horizontal("points", pl.lit(rules.points.lost)),
        tier=pl.lit("recoded"),
    ).select("id", "country_iso3", "key", "points", "tier")
