"""Candidates by the same inhabitants, of texts that contain or abbreviate a row's name.

Such a text is never nothing: a person decides. Belongs here: finding these rows. Must stay out: figures as
evidence for a name that is found otherwise (`inhabitants.py`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.linkage.index import RegisterIndex
from tasks.crosscheck.names.parsing import ParsedNames

SHORTEST_WORD = 4
"""A word of at least so many letters that both names have in common connects them."""
INITIALS = r"(?:^|[ (])([A-Z]{2,8})(?:[ ),./-]|$)"
FEW_LETTERS = r"^[a-z]{2,4}$"
"""So few letters may abbreviate a name in small letters too."""
MIXED = r"\p{Ll}|^\w+$"
"""In a text of several words in capitals, a word in capitals is no abbreviation."""


def candidates_by_figure(
    queries: pl.DataFrame, parsed: ParsedNames, index: RegisterIndex, rules: LinkingRules
) -> pl.DataFrame:
    """The rows of the same country and inhabitants whose name a query contains or abbreviates.

    A word in capitals abbreviates a name that begins with its first letter: of which words the other letters
    are, the register may not say. Returns pairs like `candidates_by_key`.
    """
    asked = queries.select("id", "country_iso3", "population").drop_nulls()
    texts = parsed.names.select("id", "whole", "text", query_head="head")
    rows = index.rows.select("country_iso3", "population", "head", row="id")
    pairs = asked.join(rows, on=["country_iso3", "population"]).join(texts, on="id")
    pairs = pairs.filter(pl.col("whole") != "", pl.col("head") != "")
    words = pl.col("head").str.split(" ").list.set_intersection(pl.col("whole").str.split(" "))
    phrase = pl.format(" {} ", "whole").str.contains(pl.format(" {} ", "head"), literal=True)
    contains = words.list.eval(pl.element().str.len_chars() >= SHORTEST_WORD).list.any() | phrase
    # "B.C.P." is folded to single letters
    short = pl.col("query_head").str.replace_all(r"\b(\w) \b", "$1")
    capitals = pl.col("text").str.extract(INITIALS, 1).str.to_lowercase() == short
    initials = (capitals & pl.col("text").str.contains(MIXED)) | short.str.contains(FEW_LETTERS)
    abbreviates = initials & (short.str.slice(0, 1) == pl.col("head").str.slice(0, 1))
    found = pairs.filter(contains | abbreviates)
    return found.select(
        "id", "row", points=pl.lit(float(rules.points.within)), tier=pl.lit("figure"), both_delta=pl.lit(0.0)
    )
