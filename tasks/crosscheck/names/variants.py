"""A typed name taken apart, and the strings it is looked up by: the whole, without its administrative words,
its parts, its skeleton.

Belongs here: brackets, commas, slashes, and what stands behind them. Must stay out: what a match is worth
(`evidence.py`) and what is in the register (`index.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.names.affixes import (
    SKELETON_SIGN,
    administrative_words,
    any_of,
    is_upper,
    is_upper_first,
    mend_words,
    skeleton,
    spelled_out,
    strip_after,
    strip_words,
    uninflected,
    without_letters,
)
from tasks.crosscheck.names.folding import fold, transliterate
from tasks.crosscheck.names.repair import repair
from tasks.ingest.cells.countries import to_iso3_series

BRACKET = r"[\(\[（【][^\)\]）】]*[\)\]）】]?"
SEPARATOR = r"\s[-–—]+\s|\s?[,;:/|、，／]\s?|\s(?i:within|part of)\s"
MARK = "\x1f"
LONGEST_CODE = 3
"""An aside of so few letters is a code of a division or nothing."""
SHORTEST_HALF = 4


@dataclass(frozen=True)
class Parsed:
    """Names taken apart; every frame has `id` and `country_iso3`.

    `names`: one row per name: `text` (repaired), `whole` (folded), `bare` (folded, without brackets,
    divisions and countries), `head` (folded first part without administrative words), `titled` (with those
    before it), `upper` (says it is a province or county; `upper_first`: before its name), `compound` (names
    more than one place). `parts`: other names beside or in the head (`part`, `points`). `bases`: heads
    without the ending of a case (`base`). `asides`: names beside which stands what is no known division or
    country. `regions`: divisions named (`region`). `foreign`: another country is named (`named_iso3`).
    """

    names: pl.DataFrame
    parts: pl.DataFrame
    bases: pl.DataFrame
    asides: pl.DataFrame
    regions: pl.DataFrame
    foreign: pl.DataFrame


def parse(names: pl.DataFrame, divisions: pl.DataFrame, rules: LinkingRules) -> Parsed:
    """Take names apart. `names`: `id`, `name`, `country_iso3`; `divisions`: see
    `divisions.known_divisions`.
    """
    text = repair(pl.col("name"), rules.max_name_length).str.replace_all(r"(\p{Ll})(\p{Lu})", "$1 $2")
    plain = _article_first(names.select("id", "country_iso3", text=text), divisions, rules)
    pieces = pl.col("text").str.replace_all(BRACKET, " ").str.replace_all(SEPARATOR, MARK).str.split(MARK)
    plain = plain.with_columns(
        whole=fold(pl.col("text")), pieces=pieces, brackets=pl.col("text").str.extract_all(BRACKET)
    )
    plain = plain.with_columns(first=fold(pl.col("pieces").list.first()))
    plain = plain.with_columns(first=pl.when(pl.col("first") == "").then("whole").otherwise("first"))
    plain = plain.with_columns(mend_words(plain["first"], rules.words).alias("mended"))
    head = strip_words(pl.col("mended"), rules.words)
    plain = plain.with_columns(
        head=head,
        upper=is_upper(pl.col("mended"), rules.words),
        upper_first=is_upper_first(pl.col("mended"), rules.words),
        titled=strip_after(pl.col("mended"), rules.words),
    )
    bases = uninflected(plain, rules.words)
    asides = _asides(plain, divisions, rules)
    parts = asides.filter(pl.col("kind") == "part")
    beside = (
        parts.filter("separated").group_by("id", maintain_order=True).agg(also=pl.col("key").str.join(" "))
    )
    plain = plain.join(beside, on="id", how="left", maintain_order="left")
    bare = pl.concat_str("first", "also", separator=" ", ignore_nulls=True)
    points = rules.points
    every = [
        parts.select("id", "country_iso3", part="key", points=pl.lit(points.part)),
        *_inside(plain, divisions, rules),
    ]
    return Parsed(
        names=plain.with_columns(bare=bare, compound=pl.col("also").is_not_null()).drop(
            "pieces", "brackets", "first", "mended", "also"
        ),
        parts=pl.concat(every).filter(pl.col("part").str.len_chars() >= SHORTEST_HALF),
        bases=bases,
        asides=_telling(parts, rules).select("id", "country_iso3").unique("id", maintain_order=True),
        regions=asides.filter(pl.col("kind") == "region")
        .select("id", "country_iso3", "region")
        .unique(maintain_order=True),
        foreign=asides.filter(pl.col("kind") == "foreign")
        .select("id", "country_iso3", "named_iso3")
        .unique("id", maintain_order=True),
    )


def keys(parsed: Parsed, rules: LinkingRules) -> pl.DataFrame:
    """Every key of every name: `id`, `country_iso3`, `key`, `points`, `tier`; names without a letter have
    none.
    """
    points, names = rules.points, parsed.names
    simple = names.with_columns(worth=pl.when("compound").then(points.first).otherwise(points.stripped))
    spelled = spelled_out(pl.col("head"), rules.words)
    fewer = without_letters(spelled)
    base = [
        _tier(names, pl.col("text").str.to_lowercase(), "exact", pl.lit(points.exact)),
        _tier(names, pl.col("whole"), "folded", pl.lit(points.folded)),
        _tier(
            names.filter(pl.col("bare") != pl.col("whole")),
            pl.col("bare"),
            "folded",
            pl.lit(points.folded - 1),
        ),
        _tier(
            simple.filter((pl.col("head") != pl.col("bare")) & (pl.col("head") != pl.col("whole"))),
            pl.col("head"),
            "stripped",
            pl.col("worth"),
        ),
        _tier(
            simple.filter((pl.col("titled") != pl.col("head")) & (pl.col("titled") != pl.col("bare"))),
            pl.col("titled"),
            "stripped",
            pl.col("worth") + 1,
        ),
        _tier(
            names.filter("compound"),
            strip_words(pl.col("bare"), rules.words),
            "stripped",
            pl.lit(points.stripped),
        ),
        _tier(parsed.parts, pl.col("part"), "part", pl.col("points")),
    ]
    bones = [
        _tier(
            simple,
            SKELETON_SIGN + skeleton(spelled),
            "skeleton",
            pl.min_horizontal("worth", pl.lit(points.skeleton)),
        ),
        _tier(
            simple.filter(fewer != spelled), SKELETON_SIGN + skeleton(fewer), "skeleton", pl.lit(points.alias)
        ),
        _tier(
            names.filter("compound"),
            SKELETON_SIGN + skeleton(strip_words(pl.col("bare"), rules.words)),
            "skeleton",
            pl.lit(points.skeleton),
        ),
        _tier(parsed.bases, pl.col("base"), "skeleton", pl.lit(points.skeleton)),
    ]
    latin = transliterate(pl.concat(base[1:]))
    latin = latin.with_columns(key=strip_words(pl.col("key"), rules.words), points=pl.col("points") - 1)
    return pl.concat([*base, *bones, latin]).filter(pl.col("key").str.len_bytes() > 1)


def _article_first(plain: pl.DataFrame, divisions: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Names whose article stands behind a comma ("Granada, La") with the article first; where it is a code of
    the country ("New Orleans, LA") it stays.
    """
    pattern = rf"^([^,(]+), ?((?i:{any_of(rules.words.articles)}))(['’]?)\s*($|[,(])"
    codes = divisions.select("country_iso3", region_key="region_key", is_code=pl.lit(value=True))
    article = pl.col("text").str.extract(pattern, 2).str.to_lowercase()
    marked = plain.with_columns(region_key=article).join(
        codes, on=["country_iso3", "region_key"], how="left", maintain_order="left"
    )
    moves = pl.col("region_key").is_not_null() & pl.col("is_code").is_null()
    turned = pl.col("text").str.replace(pattern, "${2}${3} ${1}${4}")
    return marked.with_columns(text=pl.when(moves).then(turned).otherwise("text")).drop(
        "region_key", "is_code"
    )


def _asides(plain: pl.DataFrame, divisions: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """What stands beside each name: `key`, `kind` (`region`, `country`, `foreign`, `part`, `nothing`),
    `region`, `named_iso3`, `separated` (not in brackets).
    """
    behind = plain.select(
        "id", "country_iso3", text=pl.col("pieces").list.slice(1), separated=pl.lit(value=True)
    ).explode("text")
    inside = plain.select("id", "country_iso3", text="brackets", separated=pl.lit(value=False)).explode(
        "text"
    )
    asides = (
        pl.concat([behind, inside])
        .drop_nulls("text")
        .with_columns(key=strip_words(fold(pl.col("text")), rules.words))
        .filter(pl.col("key") != "")
    )
    asides = asides.with_columns(named_iso3=to_iso3_series(asides["key"]))
    asides = asides.join(
        divisions,
        left_on=["country_iso3", "key"],
        right_on=["country_iso3", "region_key"],
        how="left",
        maintain_order="left",
    )
    code = pl.col("key").str.len_chars() <= LONGEST_CODE
    kind = (
        pl.when(pl.col("region").is_not_null())
        .then(pl.lit("region"))
        .when(pl.col("named_iso3") == pl.col("country_iso3"))
        .then(pl.lit("country"))
        .when(code | pl.col("key").is_in(rules.words.articles))
        .then(pl.lit("nothing"))
        .when(pl.col("named_iso3").is_not_null())
        .then(pl.lit("foreign"))
        .otherwise(pl.lit("part"))
    )
    return asides.with_columns(kind=kind)


def _telling(parts: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The parts that may say which place is meant: neither administrative words ("(city)") nor the initials
    of a body.
    """
    generic = (
        pl.col("key")
        .str.split(" ")
        .list.eval(pl.element().is_in(administrative_words(rules.words)))
        .list.all()
    )
    return parts.filter(~generic & ~pl.col("text").str.contains(r"^\W*\p{Lu}{2,6}\W*$"))


def _inside(plain: pl.DataFrame, divisions: pl.DataFrame, rules: LinkingRules) -> list[pl.DataFrame]:
    """Names inside the head: before "of", the halves of one hyphen, and what remains without a state or
    province at either end.
    """
    heads = plain.select("id", "country_iso3", "head", "text", tokens=pl.col("head").str.split(" "))
    before = heads.filter(pl.col("head").str.contains(". of .")).select(
        "id", "country_iso3", part=strip_words(pl.col("head").str.extract("^(.+?) of "), rules.words)
    )
    halves = heads.filter(pl.col("text").str.contains(r"^[^-(,/]{3,}[^-(,/ ]-[^-(,/ ][^-(,/]{3,}$"))
    halves = (
        halves.select("id", "country_iso3", part=pl.col("text").str.split("-"))
        .explode("part")
        .with_columns(part=strip_words(fold(pl.col("part")), rules.words))
    )
    points = rules.points
    return [
        before.with_columns(points=pl.lit(points.part)),
        halves.with_columns(points=pl.lit(points.half)),
        *(_without_division(heads, divisions, words, points.part) for words in (1, 2, 3)),
        _without_division(heads, divisions, -1, points.part),
    ]


def _without_division(
    heads: pl.DataFrame, divisions: pl.DataFrame, words: int, points: float
) -> pl.DataFrame:
    """What remains of heads that end (or, `words` being negative, begin) with a division of so many words."""
    tokens = pl.col("tokens")
    count = abs(words)
    division, rest = (
        (tokens.list.tail(count), tokens.list.head(tokens.list.len() - count))
        if words > 0
        else (tokens.list.head(count), tokens.list.slice(count))
    )
    cut = heads.filter(tokens.list.len() > count).select(
        "id", "country_iso3", region_key=division.list.join(" "), part=rest.list.join(" ")
    )
    known = cut.join(divisions, on=["country_iso3", "region_key"], how="semi")
    return known.select("id", "country_iso3", "part", points=pl.lit(points))


def _tier(names: pl.DataFrame, key: pl.Expr, tier: str, points: pl.Expr) -> pl.DataFrame:
    made = names.select("id", "country_iso3", key=key, points=points.cast(pl.Float64), tier=pl.lit(tier))
    return made.filter(pl.col("key").is_not_null() & (pl.col("key") != ""))
