"""Bodies: whether a name is that of a city, of a larger body such as an agglomeration, or of a part.

Belongs here: the kind of body that the words of a name state. Must stay out: provinces and counties, which
are no city at all (`affixes.py`).
"""

from __future__ import annotations

import polars as pl

from programme.linking import Words
from tasks.crosscheck.names.affixes import any_of

CITY, LARGER, PART = "city", "larger", "part"


def body_of(whole: pl.Expr, words: Words) -> pl.Expr:
    """The kind of body by the folded name: `larger`, `part`, or `city` where no word says otherwise."""
    return (
        pl.when(whole.str.contains(rf"\b(?:{any_of(words.larger_bodies)})\b"))
        .then(pl.lit(LARGER))
        .when(whole.str.contains(rf"\b(?:{any_of(words.parts_of_cities)})\b"))
        .then(pl.lit(PART))
        .otherwise(pl.lit(CITY))
    )
