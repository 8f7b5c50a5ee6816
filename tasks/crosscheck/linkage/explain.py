"""The evidence of a candidate in words, as it is published and shown to a person.

Belongs here: the wording of each piece of evidence. Must stay out: how many points a piece is worth
(`evidence.py`), and the reason for the outcome (`decide.py`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import LinkingRules

TIER_WORDS = {
    "exact": "the same name",
    "folded": "the same name but for case and diacritics",
    "stripped": "the same name without administrative words",
    "skeleton": "the same name but for abbreviations and articles",
    "alias": "another name of the same place by the gazetteer",
    "shared": "another name of the same place by the gazetteer, and the name of another place",
    "lost": "the same name but for letters that were lost",
    "recoded": "the same name, read in another code page",
    "part": "a part of the name is the same",
    "within": "the name stands among words of no place",
    "figure": "exactly its inhabitants, and a name that contains or abbreviates it",
    "fuzzy": "nearly the same name",
}
"""The kinds of keys (`names/keys.py`) and of similar names, in words."""


HOLDS = {
    "hold_figure": "the population fits another place of this name as well",
    "hold_larger": "another place of this name is as large, and no population is given",
    "hold_near": "another place of the country has nearly this name",
    "hold_part": "the text names something else too, which is not known of it",
    "hold_country": "the text names another country",
}
"""The columns with the reasons for which a person decides however good the name is, in words."""


def evidence_in_words(rules: LinkingRules) -> pl.Expr:
    """The evidence of one candidate in words: how the names are equal, then each piece with its points."""
    points = rules.points
    name = pl.col("tier").replace_strict(TIER_WORDS, return_dtype=pl.String)
    pieces = [
        pl.format("{} ({} points)", name, pl.col("points").round(0).cast(pl.Int64)),
        _phrase("both_delta", points.both_names, "so is another name given beside it"),
        _phrase("place_delta", points.same_place, "the gazetteer knows it as this place"),
        _phrase("place_delta", points.other_place, "the name is that of another place of the country"),
        _phrase("place_delta", points.other_near, "another place of the country has as near a name"),
        _phrase("region_delta", points.region_agrees, "the state or province agrees"),
        _phrase("region_delta", points.region_differs, "another state or province"),
        _phrase("population_delta", points.population_agrees, "the population agrees"),
        _phrase("population_delta", points.population_differs, "the population is far off"),
        _phrase(
            "population_delta",
            points.population_elsewhere,
            "the population is that of another place of this name",
        ),
        _phrase(
            "aside_delta",
            points.aside_unknown,
            "what stands beside the name is not known of it, and several places have the name",
        ),
        _phrase("position_delta", points.region_agrees, "the position agrees"),
        _phrase("position_delta", points.region_differs, "the position is another"),
        _phrase("level_delta", points.level_differs, "one is a province or county, the other is not"),
        *(pl.when(column).then(pl.lit(words)) for column, words in HOLDS.items()),
    ]
    return pl.concat_str(pieces, separator="; ", ignore_nulls=True)


def _phrase(column: str, points: float, words: str) -> pl.Expr:
    return pl.when((pl.col(column) == points) & (pl.lit(points) != 0)).then(pl.lit(f"{words} ({points:+g})"))
