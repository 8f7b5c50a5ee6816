"""Candidates by a fragment: a register's name inside a longer text that no key takes apart.

Examples are "Durban Ethekwini", "Assembly Local Durban Authority" and "Klimarat Dresden". Belongs here: names
found among other words. Must stay out: affixes that are known to stand before or after a name
(`names/affixes.py`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.linkage.index import RegisterIndex
from tasks.crosscheck.names.affixes import is_administrative
from tasks.crosscheck.names.parsing import ParsedNames
from tasks.crosscheck.names.repair import LOST

MOST_WORDS = 12
"""A text of more words is not searched."""
LONGEST_RUN = 5
"""Most words of a name that is searched in a text."""
SHORTEST_RUN = 4
"""A name with fewer letters is found in a text by chance."""
SHORTEST_WORD = 3
"""Shorter words are articles and prepositions, which say nothing for or against a place."""


def candidates_by_fragment(
    parsed: ParsedNames, decided: pl.DataFrame, index: RegisterIndex, rules: LinkingRules
) -> pl.DataFrame:
    """The rows that have a run of words of the query as a name, where no other word names a place.

    A place that a word such as "and" joins to the name is another city of the text, so a person decides.

    A row is worth `points.part` if every other word is administrative in a language of the country, or
    belongs to another name of the row. Otherwise it is worth `points.within`, so that a person decides: an
    unknown word may be another place, or another body of the same place. `decided`: the `id` of the queries
    that a key decides, which are left out. Returns pairs like `candidates_by_key`.
    """
    words = _words(parsed.names.join(decided, on="id", how="anti"))
    names = index.keys.filter(pl.col("points") >= rules.points.alias).select(
        "country_iso3", "key", row="id", own=pl.col("tier") != "alias"
    )
    found = _runs(words).join(names, on=["country_iso3", "key"], how="inner")
    covered = (
        found.select("id", "row", at=pl.int_ranges("start", pl.col("start") + pl.col("size")))
        .explode("at")
        .unique()
    )
    pairs = found.group_by("id", "row").agg(pl.col("own").any()).filter("own")
    beside = pairs.select("id", "row").join(words, on="id").join(covered, on=["id", "row", "at"], how="anti")
    distinctive = (pl.col("word").str.len_chars() >= SHORTEST_WORD) | pl.col("word").str.contains("[0-9]")
    beside = beside.filter(distinctive & ~is_administrative(pl.col("word"), rules.words))
    of_places = index.gazetteer.find(beside.with_columns(key="word")).filter("main").select("id", "row")
    alone = of_places.unique().join(_joined(words, rules), on="id", how="anti")
    pairs = pairs.join(alone, on=["id", "row"], how="anti").join(
        covered.group_by("id", "row").len("covered"), on=["id", "row"]
    )
    longest = pairs.filter(pl.col("covered") == pl.col("covered").max().over("id"))
    judged = longest.join(beside.group_by("id", "row").len("unknown"), on=["id", "row"], how="left")
    known, unknown = float(rules.points.part), float(rules.points.within)
    worth = pl.when(pl.col("unknown").is_null()).then(known).otherwise(unknown)
    return judged.select("id", "row", points=worth, tier=pl.lit("within"), both_delta=pl.lit(0.0)).sort(
        "id", "row"
    )


def _joined(words: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The queries (`id`) that join two names by a word such as "and"."""
    inside = (pl.col("at") > 0) & (pl.col("at") < pl.col("at").max().over("id"))
    return words.filter(inside, pl.col("word").is_in(rules.words.conjunctions)).select("id").unique()


def _words(names: pl.DataFrame) -> pl.DataFrame:
    """One row per word of each name of several: `id`, `country_iso3`, `word`, `at` (its position from 0)."""
    bare = pl.col("bare").str.replace_all(LOST, " ", literal=True).str.strip_chars()
    split = names.select("id", "country_iso3", word=bare.str.split(" ")).filter(
        pl.col("word").list.len().is_between(2, MOST_WORDS)
    )
    return split.with_columns(at=pl.int_ranges(pl.col("word").list.len())).explode("word", "at")


def _runs(words: pl.DataFrame) -> pl.DataFrame:
    """Every run of at most `LONGEST_RUN` words: `id`, `country_iso3`, `key`, `start`, `size`."""
    runs = []
    for size in range(1, LONGEST_RUN + 1):
        ahead = [pl.col("word").shift(-n).over("id", order_by="at") for n in range(size)]
        runs.append(
            words.select(
                "id",
                "country_iso3",
                key=pl.concat_str(ahead, separator=" "),
                start="at",
                size=pl.lit(size, dtype=pl.Int64),
            )
        )
    return pl.concat(runs).filter(pl.col("key").str.len_chars() >= SHORTEST_RUN)
