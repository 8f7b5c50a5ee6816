"""Affixes: words around a city's name that do not tell which city is meant, and the skeleton of a name.

Affixes are administrative words ("Municipality of"), saints' titles, articles and abbreviations. Belongs
here: how they are taken off a folded name. Must stay out: the words themselves (`programme/linking.toml`),
and rules about letters (`folding.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import polars as pl
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from programme.linking import Language, Words
from tasks.crosscheck.names.languages import languages_of
from tasks.crosscheck.names.stripping import Affixes, by_country

SAINTS = (
    r"\b(?:saint|sainte|sankt|san|sant|santa|santo|santi|sao|sveti|sveta|szent|st|ste|sta|sto|s"
    r"|agios|agia|agioi|ag|ayios|ayia)\b"
)
ARTICLES = (
    r"\b(?:of|the|and|de|del|della|dello|dell|dei|degli|delle|di|d|do|da|dos|das|du|des|la|las|los|lo|le|les"
    r"|el|els|al|i|il|gli|l|a|o|as|os|e|y|et|und|en|in|van|von|der|den|am|an|im|nad|na|pe|sur|sul|sull|sulla"
    r"|sullo|sous|ng|ya)\b"
)
SKELETON_SIGN = "~"
"""Stands before a skeleton, so that the skeleton never equals a name that is spelled like it."""
SHORTEST_MENDED = 8
"""Typing errors are mended in words of at least so many letters; shorter words resemble names."""
LONG_WORD = 11
"""In a word of at least so many letters two errors are mended, otherwise one."""
COUNTRY = pl.col("country_iso3")
APART = pl.Struct(
    {
        "head": pl.String(),
        "titled": pl.String(),
        "trailed": pl.String(),
        "upper": pl.Boolean(),
        "upper_first": pl.Boolean(),
    }
)


def uninflected(names: pl.DataFrame, words: Words) -> pl.DataFrame:
    """The heads without the case ending that the word behind them requires ("Lahden kaupunki" gives "lahti").

    `names`: `id`, `country_iso3`, `mended` (folded), `head`. Returns `id`, `country_iso3`, `base`: one row
    for each ending that fits (`endings` of `programme/linking.toml`).
    """
    made = [names.select("id", "country_iso3", base="head").clear()]
    countries = names["country_iso3"].unique().drop_nulls().to_list()
    for code, language in sorted(words.languages.items()):
        where = sorted(iso3 for iso3 in countries if code in (languages_of(iso3) or {code}))
        if not language.endings or not where:
            continue
        demanded = names.filter(
            pl.col("country_iso3").is_in(where), pl.col("mended").str.contains(_demands(language))
        )
        for ending, instead in sorted(language.endings.items()):
            fits = demanded.filter(pl.col("head").str.ends_with(ending))
            for one in (instead,) if isinstance(instead, str) else instead:
                base = pl.col("head").str.replace(rf"{ending}$", one)
                made.append(fits.select("id", "country_iso3", base=base))
    return pl.concat(made)


def _demands(language: Language) -> str:
    """A pattern for names with a word that requires another case of the name."""
    return rf". (?:{any_of(language.after)})$|^(?:{any_of(language.cases_after or ('~',))}) ."


def mend_words(folded: pl.Series, words: Words) -> pl.Series:
    """The folded names with typing errors in long administrative words mended.

    Only so are the words recognised and taken off.
    """
    mendable = _city_words(words)
    every = mendable | _upper_words(words)
    known = {token for token in mendable if len(token) >= SHORTEST_MENDED}
    tokens = folded.str.split(" ").explode().drop_nulls().unique(maintain_order=True)
    doubtful = tokens.filter((tokens.str.len_chars() >= SHORTEST_MENDED - 1) & ~tokens.is_in(sorted(every)))
    right, texts = sorted(known), doubtful.to_list()
    distances = cdist(right, texts, scorer=OSA.distance, score_cutoff=2, dtype=np.uint8)
    allowed = np.array([[2 if len(word) >= LONG_WORD else 1] for word in right])
    mended = {texts[j]: right[i] for i, j in zip(*np.nonzero(distances <= allowed), strict=True)}
    if not mended:
        return folded
    replaced = pl.element().replace(list(mended), list(mended.values()))
    return (
        folded.to_frame("text")
        .select(pl.col("text").str.split(" ").list.eval(replaced).list.join(" "))
        .to_series()
    )


def _city_words(words: Words) -> set[str]:
    languages = words.languages.values()
    return _single(affix for language in languages for affix in (*language.before, *language.after))


def _upper_words(words: Words) -> set[str]:
    """The single words of the affixes of levels above the city."""
    languages = words.languages.values()
    return _single(
        affix for language in languages for affix in (*language.upper_before, *language.upper_after)
    )


def _single(affixes: Iterable[str]) -> set[str]:
    return {word for affix in affixes for word in affix.split()}


def strip_words(folded: pl.Expr, words: Words, country: pl.Expr = COUNTRY) -> pl.Expr:
    """The folded name without the administrative words of its country's languages, post code and year around
    it.

    The name stays as it is where nothing would be left.
    """
    return by_country(country, folded, words, Affixes.strip, pl.String())


def take_apart(folded: pl.Expr, words: Words, country: pl.Expr = COUNTRY) -> pl.Expr:
    """The name and the words around it, as a struct: `head`, `titled`, `trailed`, `upper`, `upper_first`.

    See `Affixes.take_apart`.
    """
    return by_country(country, folded, words, Affixes.take_apart, APART)


def is_administrative(word: pl.Expr, words: Words, country: pl.Expr = COUNTRY) -> pl.Expr:
    """Whether a single word occurs in the affixes of cities in a language of the country."""
    return by_country(country, word, words, lambda known, text: text in known.city_words, pl.Boolean())


def spelled_out(stripped: pl.Expr, words: Words) -> pl.Expr:
    """The name with its abbreviations spelled out."""
    text = pl.lit(" ") + stripped + " "
    for long, shorts in words.abbreviations.items():
        text = text.str.replace(rf" (?:{any_of(shorts)}) ", f" {long} ")
    return text.str.strip_chars()


def skeleton(stripped: pl.Expr) -> pl.Expr:
    """The name without what people shorten, join or leave out.

    Every saint's title becomes "9"; articles and spaces go; "ae", "oe" and "ue" lose their e. A skeleton of
    fewer than three letters would match too much: then only the spaces go.
    """
    short = stripped.str.replace_all(SAINTS, "9").str.replace_all(ARTICLES, "").str.replace_all(" ", "")
    bare = short.str.replace_all("ae", "a").str.replace_all("oe", "o").str.replace_all("ue", "u")
    return pl.when(bare.str.len_chars() < 3).then(stripped.str.replace_all(" ", "")).otherwise(bare)


def without_letters(stripped: pl.Expr) -> pl.Expr:
    """The name without single letters inside it, which stand for a preposition ("Bussi s. Tirino")."""
    return stripped.str.replace_all(r" (?:[sdeai]|di|de) ", " ").str.replace_all(r" (?:[sdeai]) ", " ")


def any_of(words: Iterable[str]) -> str:
    """A regular expression that matches any of the words: the longest first, in a fixed order."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))
