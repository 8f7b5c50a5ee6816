"""Parsing of names: a typed name is split into the city, administrative words and what stands beside.

Belongs here: brackets, commas, slashes, hyphens, and what stands behind them. Must stay out: the keys that
are made of the parts (`keys.py`), and what a register holds (`linkage/index.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import polars as pl

from programme.countries.names import country_names
from programme.linking import LinkingRules
from tasks.crosscheck.names.affixes import (
    any_of,
    is_administrative,
    is_upper,
    is_upper_first,
    mend_words,
    strip_after,
    strip_words,
    uninflected,
)
from tasks.crosscheck.names.folding import fold_name
from tasks.crosscheck.names.repair import repair
from tasks.ingest.cells.countries import exact_iso3, to_iso3_series

BRACKET = r"[\(\[（【][^\)\]）】]*[\)\]）】]?"
SEPARATOR = r"\s[-–—&+·•]+\s|\s?[,;:/|、，／]\s?|\s(?i:within|part of)\s"
MARK = "\x1f"
LONGEST_COUNTRY = 4
"""Most words of a country's name that is written behind a city's without a comma."""
LONGEST_CODE = 3
"""A text beside a name with at most so many letters is the code of a division, or says nothing."""
COUNTRY_CODE = r"^\W*(?:[A-Z]{3}|UK|US|U\.K\.|U\.S\.(?:A\.)?)\W*$"
"""Codes of countries that people write behind a name; other codes of two letters are those of divisions."""
SHORTEST_PART = 4
"""A part of a name with fewer letters is not searched: too many names hold it by chance."""
CODED = r"^[A-Z]{3}-"
DIVISION_SCHEMA = pl.Schema({"country_iso3": pl.String(), "region_key": pl.String(), "region": pl.String()})
NO_DIVISIONS = pl.DataFrame(schema=DIVISION_SCHEMA)
"""With no known divisions, what stands behind a comma counts as a part of the name like any other."""


@dataclass(frozen=True)
class ParsedNames:
    """Names taken apart. Every frame has `id` and `country_iso3`.

    - `names`: one row per name: `text` (repaired), `whole` (folded), `bare` (folded, without brackets,
      divisions and countries), `head` (the folded first part without administrative words), `titled` (the
      same with the words before it), `upper` (its words say that it is a province or county; `upper_first`:
      the word stands before the name), `compound` (it names more than one place).
    - `parts`: other names beside or in the head: `part`, `points`.
    - `bases`: heads without the ending of a grammatical case: `base`.
    - `asides`: the names beside which a text stands that is no known division and no country.
    - `pieces`: of the names that consist of several, each with the head: `piece`, `kind` (`name`; `half` of a
      name with a hyphen; `aside`, in brackets; `region`, a known division, which may be a city too).
    - `regions`: the divisions that are named beside a name: `region`.
    - `foreign`: the names beside which another country is named: `named_iso3`.
    """

    names: pl.DataFrame
    parts: pl.DataFrame
    bases: pl.DataFrame
    asides: pl.DataFrame
    pieces: pl.DataFrame
    regions: pl.DataFrame
    foreign: pl.DataFrame


def parse_names(names: pl.DataFrame, divisions: pl.DataFrame, rules: LinkingRules) -> ParsedNames:
    """Take names apart.

    `names`: one row per name: `id`, `name`, `country_iso3`. `divisions`: the known names of states, provinces
    and regions (`country_iso3`, `region_key`, `region`; see `gazetteer/divisions.py`).
    """
    plain = _with_heads(_in_pieces(names, divisions, rules), rules)
    asides = _asides(plain, divisions, rules)
    parts = asides.filter(pl.col("kind") == "part")
    beside = (
        parts.filter("separated").group_by("id", maintain_order=True).agg(also=pl.col("key").str.join(" "))
    )
    plain = plain.join(beside, on="id", how="left", maintain_order="left")
    beside_head = parts.select("id", "country_iso3", part="key", points=pl.lit(rules.points.part))
    halves = _halves(plain, rules)
    every = pl.concat([beside_head, *_inside(plain, divisions, rules), halves])
    distinctive = _distinctive(parts, rules)
    return ParsedNames(
        names=plain.with_columns(
            bare=pl.concat_str("first", "also", separator=" ", ignore_nulls=True),
            compound=pl.col("also").is_not_null(),
        ).drop("pieces", "brackets", "first", "mended", "also"),
        parts=every.filter(pl.col("part").str.len_chars() >= SHORTEST_PART),
        bases=uninflected(plain, rules.words),
        asides=distinctive.select("id", "country_iso3").unique("id", maintain_order=True),
        pieces=_pieces(plain, asides, distinctive, halves),
        regions=_of_kind(asides, "region", "region").unique(maintain_order=True),
        foreign=_of_kind(asides, "foreign", "named_iso3").unique("id", maintain_order=True),
    )


def _pieces(
    plain: pl.DataFrame, asides: pl.DataFrame, distinctive: pl.DataFrame, halves: pl.DataFrame
) -> pl.DataFrame:
    """See `ParsedNames`. The head of a name counts as a piece where another one stands beside it."""
    kind = pl.when("separated").then(pl.lit("name")).otherwise(pl.lit("aside"))
    beside = distinctive.select("id", "country_iso3", piece="key", kind=kind)
    separated = beside.filter(pl.col("kind") == "name")
    heads = plain.join(separated, on="id", how="semi").select(
        "id", "country_iso3", piece="head", kind=pl.lit("name")
    )
    # the state of Mexico, named behind a city of Mexico, is the country
    elsewhere = pl.col("named_iso3").is_null() | (pl.col("named_iso3") != pl.col("country_iso3"))
    regions = asides.filter(
        (pl.col("kind") == "region") & (pl.col("key").str.len_chars() > LONGEST_CODE) & elsewhere
    )
    return pl.concat(
        [
            heads,
            beside,
            regions.select("id", "country_iso3", piece="key", kind="kind"),
            halves.select("id", "country_iso3", piece="part", kind=pl.lit("half")),
        ]
    )


def _in_pieces(names: pl.DataFrame, divisions: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The repaired `text`, `whole` (folded), `first` (its folded first piece), all `pieces`, `brackets`."""
    text = repair(pl.col("name"), rules.max_name_length).str.replace_all(r"(\p{Ll})(\p{Lu})", "$1 $2")
    plain = _article_first(names.select("id", "country_iso3", text=text), divisions, rules)
    pieces = pl.col("text").str.replace_all(BRACKET, " ").str.replace_all(SEPARATOR, MARK).str.split(MARK)
    several = pl.col("pieces").list.len() > 1
    plain = plain.with_columns(
        whole=fold_name(pl.col("text")), pieces=pieces, brackets=pl.col("text").str.extract_all(BRACKET)
    )
    plain = pl.concat(
        [plain.filter(~several), plain.filter(several).with_columns(pieces=_without_offices(rules))]
    ).sort("id")
    plain = plain.with_columns(first=fold_name(pl.col("pieces").list.first()))
    return plain.with_columns(first=pl.when(pl.col("first") == "").then("whole").otherwise("first"))


def _without_offices(rules: LinkingRules) -> pl.Expr:
    """The pieces without those that name an office of the city ("Department of Environment"), if any is left."""
    words = any_of((*rules.words.office_units, *rules.words.office_topics))
    folded = fold_name(pl.element())
    office = folded.str.contains(rf"^(?:(?:{words}|of|for|the|and) ?)+$") & folded.str.contains(
        rf"\b(?:{any_of(rules.words.office_units)})\b"
    )
    kept = pl.col("pieces").list.eval(pl.element().filter(~office))
    return pl.when(kept.list.len() > 0).then(kept).otherwise("pieces")


def _with_heads(plain: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Adds `mended`, `head`, `titled`, `upper` and `upper_first` (see `ParsedNames`)."""
    plain = plain.with_columns(mend_words(plain["first"], rules.words).alias("mended"))
    mended = pl.col("mended")
    return plain.with_columns(
        head=strip_words(mended, rules.words),
        upper=is_upper(mended, rules.words),
        upper_first=is_upper_first(mended, rules.words),
        titled=strip_after(mended, rules.words),
    )


def _of_kind(asides: pl.DataFrame, kind: str, column: str) -> pl.DataFrame:
    return asides.filter(pl.col("kind") == kind).select("id", "country_iso3", column)


def _article_first(plain: pl.DataFrame, divisions: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The names, with an article that stands behind a comma ("Granada, La") moved to the front.

    An article that is also the code of a division of the country ("New Orleans, LA") stays behind.
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
    """The texts beside each name, one row each: `key` (folded), `kind`, `region`, `named_iso3`, `separated`.

    `kind` is `region` (a known division), `country` (the query's own), `foreign` (another country), `part`
    (another name) or `nothing` (a code or article). `separated` is false for a text in brackets.
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
        .with_columns(whole=fold_name(pl.col("text")))
        .with_columns(key=strip_words(pl.col("whole"), rules.words))
        .filter(pl.col("key") != "")
    )
    # the words of a country's name may be administrative ("United States of America")
    asides = asides.with_columns(
        named_iso3=pl.coalesce(to_iso3_series(asides["whole"]), to_iso3_series(asides["key"]))
    )
    asides = asides.join(
        divisions,
        left_on=["country_iso3", "key"],
        right_on=["country_iso3", "region_key"],
        how="left",
        maintain_order="left",
    )
    abroad = divisions.filter(
        pl.col("region").str.contains(CODED), pl.col("region_key").str.len_chars() > LONGEST_CODE
    ).select("region_key", abroad=pl.col("region").str.slice(0, 3))
    asides = asides.join(
        abroad.unique("region_key", keep="first", maintain_order=True),
        left_on="key",
        right_on="region_key",
        how="left",
        maintain_order="left",
    ).with_columns(named_iso3=pl.coalesce("named_iso3", "abroad"))
    code = pl.col("key").str.len_chars() <= LONGEST_CODE
    of_country = pl.col("text").str.contains(COUNTRY_CODE) & pl.col("named_iso3").is_not_null()
    kind = (
        pl.when(pl.col("region").is_not_null())
        .then(pl.lit("region"))
        .when(pl.col("named_iso3") == pl.col("country_iso3"))
        .then(pl.lit("country"))
        .when(of_country)
        .then(pl.lit("foreign"))
        .when(code | pl.col("key").is_in(rules.words.articles))
        .then(pl.lit("nothing"))
        .when(pl.col("named_iso3").is_not_null())
        .then(pl.lit("foreign"))
        .otherwise(pl.lit("part"))
    )
    return asides.with_columns(kind=kind)


def _distinctive(parts: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The parts that may tell which place is meant.

    Administrative words ("(city)") and the initials of a body in brackets ("(AMBA)") do not.
    """
    words = parts.select("country_iso3", n=pl.int_range(pl.len()), word=pl.col("key").str.split(" "))
    words = words.explode("word").filter(~is_administrative(pl.col("word"), rules.words))
    generic = ~pl.int_range(pl.len()).is_in(words["n"].unique().implode())
    initials = ~pl.col("separated") & pl.col("text").str.contains(r"^\W*\p{Lu}{2,6}\W*$")
    return parts.filter(~generic & ~initials)


def _inside(plain: pl.DataFrame, divisions: pl.DataFrame, rules: LinkingRules) -> list[pl.DataFrame]:
    """Names inside the head, as frames with `part` and `points`.

    They are what stands before "of", and the head without a state or province at its end or beginning, or
    without its country at the end.
    """
    heads = plain.select("id", "country_iso3", "head", "text", tokens=pl.col("head").str.split(" "))
    before = heads.filter(pl.col("head").str.contains(". of .")).select(
        "id", "country_iso3", part=strip_words(pl.col("head").str.extract("^(.+?) of "), rules.words)
    )
    points = rules.points
    return [
        before.with_columns(points=pl.lit(points.part)),
        *(_without_division(heads, divisions, words, points.part) for words in (1, 2, 3)),
        _without_division(heads, divisions, -1, points.part),
        _without_country(heads, points.part),
    ]


def _halves(plain: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The two halves around a hyphen: `id`, `country_iso3`, `part`, `points`."""
    halves = plain.filter(pl.col("text").str.contains(r"^[^-(,/]{3,}[^-(,/ ]-[^-(,/ ][^-(,/]{3,}$"))
    halves = halves.select("id", "country_iso3", part=pl.col("text").str.split("-")).explode("part")
    return halves.with_columns(
        part=strip_words(fold_name(pl.col("part")), rules.words), points=pl.lit(rules.points.half)
    )


def _without_country(heads: pl.DataFrame, points: float) -> pl.DataFrame:
    """The rest of the heads that end with the name of the country itself ("Milano Italia")."""
    tokens = pl.col("tokens")
    possible = heads.filter(tokens.list.len() > 1, tokens.list.last().is_in(last_words_of_countries()))
    cuts = [
        possible.filter(tokens.list.len() > size).select(
            "id",
            "country_iso3",
            country=tokens.list.tail(size).list.join(" "),
            part=tokens.list.head(tokens.list.len() - size).list.join(" "),
        )
        for size in range(1, LONGEST_COUNTRY + 1)
    ]
    named = pl.concat(cuts)
    own = named.filter(
        pl.Series([exact_iso3(text) for text in named["country"]], dtype=pl.String) == named["country_iso3"]
    )
    return own.select("id", "country_iso3", "part", points=pl.lit(points))


@cache
def last_words_of_countries() -> list[str]:
    """The last word of every usual name of a country, so that few texts are looked up."""
    names = [name for item in country_names() for name in (item.iso3, *item.usual, *item.own)]
    words = pl.Series(names).to_frame("text").select(fold_name(pl.col("text")).str.split(" ").list.last())
    return words.to_series().unique().sort().to_list()


def _without_division(
    heads: pl.DataFrame, divisions: pl.DataFrame, words: int, points: float
) -> pl.DataFrame:
    """The rest of the heads that end with a known division of so many words; begin with it if `words` < 0."""
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
