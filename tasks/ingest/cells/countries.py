"""Which country a text names.

Belongs here: comparing a text with every usual name of a country, its codes and its long forms. Must stay
out: the names themselves (`programme/countries`) and which world region a country is in
(`programme/regions.toml`).
"""

from __future__ import annotations

from functools import cache

import polars as pl
from rapidfuzz import fuzz, process

from programme.countries.names import country_names
from tasks.ingest.cells.comparison import comparison_key

_SHORTEST = 7
"""Letters of a name that may be taken for a close spelling.

Shorter names are too near each other: Niger and Nigeria, Iran and Iraq.
"""
_LONGEST = 100
"""Letters beyond which a text is no name of a country."""
_CLOSE, _CLEAR_LEAD = 87.0, 6.0
"""How alike (0-100) a spelling must be to a country's name, and by how much more than to any other country's.

The limit lets one wrong letter in eight pass.
"""
_LEADING_WORDS = (
    "republic of ",
    "the republic of ",
    "kingdom of ",
    "the kingdom of ",
    "the ",
    "republique de ",
    "republique du ",
    "republica de ",
    "republik ",
)


@cache
def _iso3_by_key() -> dict[str, str]:
    """The comparison key of every name, and its country's code.

    Of countries with equal names, the one counts whose name comes first here: names kept by hand, then codes
    and usual names, then names in a country's own languages, then names without what stands in brackets.
    """
    countries = country_names()
    usual = [(name, item.iso3) for item in countries for name in (item.iso3, item.iso2, *item.usual)]
    own = [(name, item.iso3) for item in countries for name in item.own]
    other = [(name, item.iso3) for item in countries for name in item.other]
    without_brackets = ((name.partition("(")[0], iso3) for name, iso3 in usual)
    table: dict[str, str] = {}
    for name, iso3 in (*other, *usual, *own, *without_brackets):
        table.setdefault(comparison_key(name), iso3)
    return table


@cache
def _canonical_names() -> frozenset[str]:
    countries = country_names()
    return frozenset(name for item in countries for name in (item.iso3, item.iso2, *item.usual[:1]))


def to_iso3(text: str | None) -> str | None:
    """The ISO 3166-1 alpha-3 code of the country a text names, or of the one it is a close spelling of.

    None where it names none, or leaves open which.
    """
    if not text or len(text) > _LONGEST:
        return None
    return exact_iso3(text) or _close_to(comparison_key(text))


def exact_iso3(text: str) -> str | None:
    """The code of the country a text names without any error of spelling; None where it names none."""
    if len(text) > _LONGEST:
        return None
    key, known = comparison_key(text), _iso3_by_key()
    if key in known:
        return known[key]
    for words in _LEADING_WORDS:
        if key.startswith(words) and key.removeprefix(words) in known:
            return known[key.removeprefix(words)]
    return known.get(key.replace(" and ", " "))


def _close_to(key: str) -> str | None:
    """The country whose name is nearest, if near enough and well ahead of any other country's.

    "Austrlia" could be two countries and is none.
    """
    if len(key) < _SHORTEST:
        return None
    known, best = _iso3_by_key(), dict[str, float]()
    for name, score, _ in process.extract(
        key, list(known), scorer=fuzz.ratio, score_cutoff=_CLOSE - _CLEAR_LEAD, limit=None
    ):
        best[known[name]] = max(score, best.get(known[name], 0.0))
    ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))
    if not ranked or ranked[0][1] < _CLOSE:
        return None
    if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _CLEAR_LEAD:
        return None
    return ranked[0][0]


def to_iso3_series(texts: pl.Series) -> pl.Series:
    """`to_iso3` of every text; each different one is looked up once."""
    different = texts.drop_nulls().unique(maintain_order=True)
    codes = pl.Series([to_iso3(text) for text in different], dtype=pl.String)
    return texts.replace_strict(different, codes, default=None, return_dtype=pl.String)


def is_canonical_name(text: str) -> bool:
    """Whether a country stands as its ISO code or its usual English name, so that nothing had to be read."""
    return text in _canonical_names()
