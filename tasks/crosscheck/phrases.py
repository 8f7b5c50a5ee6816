"""Words of a name that do not tell which city is meant: administrative words, saints' titles, articles.

Belongs here: how the words of `programme/linking.toml` are taken off a folded name. Must stay out: the words, and letters (`folding.py`).
"""

from __future__ import annotations

import re

import polars as pl

from programme.linking import Words

SAINTS = r"\b(?:saint|sainte|sankt|sant|santa|santo|santi|san|sao|sveti|sveta|szent|st|ste|sta|sto|s|agios|agia|agioi|ag|ayios|ayia)\b"
ARTICLES = (
    r"\b(?:of|the|and|de|del|della|dello|dell|dei|degli|delle|di|d|do|da|dos|das|du|des|la|las|los|lo|le|les|el|els|al|i|il|gli|l|a|o|as|os|e|y|et|und|en|in"
    r"|van|von|der|den|am|an|im|nad|na|pe|sur|sul|sull|sulla|sullo|sous|ng|ya)\b"
)


def strip_words(folded: pl.Expr, words: Words) -> pl.Expr:
    """The folded name without administrative words before and after it; the name itself where nothing would be left."""
    before, after = _patterns(words)
    stripped = folded.str.replace(r"^\d{4,6} ", "").str.replace(before, "").str.replace(after, "").str.strip_chars()
    return pl.when(stripped == "").then(folded).otherwise(stripped)


def skeleton(stripped: pl.Expr) -> pl.Expr:
    """The name without what people abbreviate, join or leave out: saints' titles made one sign, articles, spaces, umlauts written out, doubled letters."""
    short = stripped.str.replace_all(SAINTS, "9").str.replace_all(ARTICLES, "").str.replace_all(" ", "")
    bare = short.str.replace_all("ae", "a").str.replace_all("oe", "o").str.replace_all("ue", "u")
    return pl.when(bare.str.len_chars() < 3).then(stripped.str.replace_all(" ", "")).otherwise(bare)


def _patterns(words: Words) -> tuple[str, str]:
    connector = f"(?: (?:{_any(words.connectors)}))*"
    before = {word for language in words.languages.values() for word in language.before}
    after = {word for language in words.languages.values() for word in language.after}
    return rf"^(?:(?:{_any(before)}){connector} )+", rf"(?: (?:{_any(after)}))+$"


def _any(words: set[str] | tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
