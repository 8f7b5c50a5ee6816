"""Parsing of names: a typed name is split into the city, administrative words and what stands beside.

Belongs here: brackets, commas, slashes, hyphens, and what stands behind them. Must stay out: the keys that
are made of the parts (`keys.py`), and what a register holds (`linkage/index.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.names.affixes import any_of, mend_words, take_apart, uninflected
from tasks.crosscheck.names.asides import LONGEST_CODE, classify_asides, distinctive
from tasks.crosscheck.names.folding import fold_name
from tasks.crosscheck.names.offices import offices
from tasks.crosscheck.names.parts import halves_of, last_words_of_countries, parts_inside
from tasks.crosscheck.names.repair import repair
from tasks.ingest.cells.countries import exact_iso3

BRACKET = r"[\(\[（【][^\)\]）】]*[\)\]）】]?"
SEPARATOR = r"\s[-–—&+·•]+\s|\s?[,;:/|、，／]\s?"
LIST = r"[/;&+|；／]"
"""Signs that stand between two cities, not between a city and its province."""
WITHIN = r"\s(?i:within|part of)\s.*$"
"""What stands behind such words is the larger body of which a city is a part; it says nothing else."""
MARK = "\x1f"
SHORTEST_PART = 4
"""A part of a name with fewer letters is not searched: too many names hold it by chance."""
DIVISION_SCHEMA = pl.Schema({"country_iso3": pl.String(), "region_key": pl.String(), "region": pl.String()})
NO_DIVISIONS = pl.DataFrame(schema=DIVISION_SCHEMA)
"""With no known divisions, what stands behind a comma counts as a part of the name like any other."""


@dataclass(frozen=True)
class ParsedNames:
    """Names taken apart. Every frame has `id` and `country_iso3`.

    - `names`: one row per name: `text` (repaired), `whole` (folded), `bare` (folded, without brackets,
      divisions and countries), `head` (the folded first part without administrative words), `titled` (the
      same with the words before it), `trailed` (with those behind it), `upper` (its words say that it is a
      province or county; `upper_first`: the word stands before the name), `compound` (it names more than one
      place).
    - `parts`: other names beside or in the head: `part`, `points`.
    - `bases`: heads without the ending of a grammatical case: `base`.
    - `asides`: the names beside which a text stands that is no known division and no country.
    - `pieces`: of the names that consist of several, each with the head: `piece`, `kind` (`name`; `half` of a
      name with a hyphen; `aside`, in brackets, unless it names a company or the like; `region`, a known
      division, which may be a city too; `listed`, such a division behind a sign that stands between cities).
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
    asides = classify_asides(plain, divisions, rules)
    parts = asides.filter(pl.col("kind") == "part")
    beside = (
        parts.filter("separated").group_by("id", maintain_order=True).agg(also=pl.col("key").str.join(" "))
    )
    plain = plain.join(beside, on="id", how="left", maintain_order="left")
    beside_head = parts.select("id", "country_iso3", part="key", points=pl.lit(rules.points.part))
    halves = halves_of(plain, rules)
    # a city may have the name of the division that it lies in ("ACME, Torino")
    of_region = asides.filter(
        pl.col("kind") == "region",
        pl.col("key") == pl.col("whole"),
        pl.col("key").str.len_chars() > LONGEST_CODE,
    ).select("id", "country_iso3", part="key", points=pl.lit(rules.points.within))
    every = pl.concat([beside_head, *parts_inside(plain, divisions, rules), halves, of_region])
    telling = distinctive(parts, rules)
    return ParsedNames(
        names=plain.with_columns(
            bare=pl.concat_str("first", "also", separator=" ", ignore_nulls=True),
            compound=pl.col("also").is_not_null(),
        ).drop("pieces", "brackets", "first", "mended", "also"),
        parts=every.filter(pl.col("part").str.len_chars() >= SHORTEST_PART),
        bases=uninflected(plain, rules.words),
        asides=telling.select("id", "country_iso3").unique("id", maintain_order=True),
        pieces=_pieces(plain, asides, telling, halves, rules),
        regions=_of_kind(asides, "region", "region").unique(maintain_order=True),
        foreign=_of_kind(asides, "foreign", "named_iso3").unique("id", maintain_order=True),
    )


def _pieces(
    plain: pl.DataFrame,
    asides: pl.DataFrame,
    distinctive: pl.DataFrame,
    halves: pl.DataFrame,
    rules: LinkingRules,
) -> pl.DataFrame:
    """See `ParsedNames`. The head of a name counts as a piece where another one stands beside it."""
    named = pl.col("separated") | pl.col("whole").str.contains(rf"\b(?:{any_of(rules.words.other_bodies)})\b")
    kind = pl.when(named).then(pl.lit("name")).otherwise(pl.lit("aside"))
    beside = distinctive.select("id", "country_iso3", piece="key", kind=kind)
    separated = beside.filter(pl.col("kind") == "name")
    heads = plain.join(separated, on="id", how="semi").select(
        "id", "country_iso3", piece="head", kind=pl.lit("name")
    )
    # the state of Mexico, named behind a city of Mexico, is the country
    elsewhere = pl.col("named_iso3").is_null() | (pl.col("named_iso3") != pl.col("country_iso3"))
    regions = asides.filter(
        (pl.col("kind") == "region") & (pl.col("key").str.len_chars() > LONGEST_CODE) & elsewhere
    ).join(plain.select("id", whole_text="text"), on="id", how="left", maintain_order="left")
    listed = pl.col("whole_text").str.contains(LIST)
    return pl.concat(
        [
            heads,
            beside,
            regions.select(
                "id",
                "country_iso3",
                piece="key",
                kind=pl.when(listed).then(pl.lit("listed")).otherwise("kind"),
            ),
            halves.select("id", "country_iso3", piece="part", kind=pl.lit("half")),
        ]
    )


def _in_pieces(names: pl.DataFrame, divisions: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The repaired `text`, `whole` (folded), `first` (its folded first piece), all `pieces`, `brackets`."""
    text = repair(pl.col("name"), rules.max_name_length).str.replace_all(r"(\p{Ll})(\p{Lu})", "$1 $2")
    plain = _article_first(names.select("id", "country_iso3", text=text), divisions, rules)
    alone = pl.col("text").str.replace_all(BRACKET, " ").str.replace(WITHIN, "")
    pieces = alone.str.replace_all(SEPARATOR, MARK).str.split(MARK)
    several = pl.col("pieces").list.len() > 1
    plain = plain.with_columns(
        whole=fold_name(pl.col("text")), pieces=pieces, brackets=pl.col("text").str.extract_all(BRACKET)
    )
    apart = _without_offices(_country_last(plain.filter(several), divisions), rules)
    plain = pl.concat([plain.filter(~several), apart]).sort("id")
    firsts = plain.select(fold_name(pl.col("pieces").list.first())).to_series()
    known = offices(rules.words)
    plain = plain.with_columns(
        first=pl.Series([known.without_office(text) for text in firsts], dtype=pl.String)
    )
    return plain.with_columns(first=pl.when(pl.col("first") == "").then("whole").otherwise("first"))


def _country_last(plain: pl.DataFrame, divisions: pl.DataFrame) -> pl.DataFrame:
    """The names with a country that stands before the city put behind it ("Italia - Milano").

    A text before a division is no country ("Jersey, New Jersey").
    """
    firsts = plain.select(
        "id",
        "country_iso3",
        first=pl.col("pieces").list.first().str.strip_chars(),
        region_key=fold_name(pl.col("pieces").list.get(1)),
    ).join(divisions, on=["country_iso3", "region_key"], how="anti")
    last_word = fold_name(pl.col("first")).str.split(" ").list.last()
    code = pl.col("first").str.len_chars() <= LONGEST_CODE
    possible = firsts.filter(code | last_word.is_in(last_words_of_countries()))
    named = [exact_iso3(text) is not None for text in possible["first"]]
    turned = possible.select("id", turned=pl.Series(named, dtype=pl.Boolean))
    behind = pl.concat_list(pl.col("pieces").list.slice(1), pl.col("pieces").list.head(1))
    return (
        plain.join(turned, on="id", how="left", maintain_order="left")
        .with_columns(pieces=pl.when(pl.col("turned")).then(behind).otherwise("pieces"))
        .drop("turned")
    )


def _without_offices(plain: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The names without the pieces that name an office of the city, if any piece is left."""
    known = offices(rules.words)
    pieces = plain.select("id", "pieces").explode("pieces").with_columns(folded=fold_name(pl.col("pieces")))
    office = pl.Series([known.is_office(text) for text in pieces["folded"]], dtype=pl.Boolean)
    kept = pieces.filter(~office).group_by("id", maintain_order=True).agg(kept="pieces")
    joined = plain.join(kept, on="id", how="left", maintain_order="left")
    return joined.with_columns(pieces=pl.coalesce("kept", "pieces")).drop("kept")


def _with_heads(plain: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """Adds `mended`, `head`, `titled`, `trailed`, `upper` and `upper_first` (see `ParsedNames`)."""
    plain = _everyday(plain, rules)
    plain = plain.with_columns(mend_words(plain["first"], rules.words).alias("mended"))
    return plain.with_columns(take_apart(pl.col("mended"), rules.words).alias("apart")).unnest("apart")


def _everyday(plain: pl.DataFrame, rules: LinkingRules) -> pl.DataFrame:
    """The names with everyday forms ("NYC") replaced by the names that registers have."""
    rows = [(iso3, short, long) for iso3, forms in rules.everyday.items() for short, long in forms.items()]
    forms = pl.DataFrame(rows, schema=["country_iso3", "first", "long"], orient="row")
    joined = plain.join(forms, on=["country_iso3", "first"], how="left", maintain_order="left")
    return joined.with_columns(first=pl.coalesce("long", "first")).drop("long")


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
