"""A register made ready to be searched: its names' keys, its rows' places in the gazetteer, their aliases.

Belongs here: everything that depends on the register alone and is computed once. Must stay out: queries
(`linker.py`).
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.divisions import is_coded, known_divisions, region_key
from tasks.crosscheck.gazetteer.geocode_registers import placed
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.gazetteer.table import source_key as gazetteer_key
from tasks.crosscheck.names.affixes import SKELETON_SIGN, skeleton, strip_words
from tasks.crosscheck.names.fuzzy import NameTable
from tasks.crosscheck.names.variants import Parsed, keys, parse

FORM = "7"
"""Counted up whenever the frames of an index change, so that bytes kept by an older program are never
read.
"""
REGISTER_SCHEMA = pl.Schema(
    {
        "register_id": pl.String(),
        "name": pl.String(),
        "country_iso3": pl.String(),
        "region": pl.String(),
        "population": pl.Int64(),
        "latitude": pl.Float64(),
        "longitude": pl.Float64(),
    }
)


@dataclass(frozen=True)
class RegisterIndex:
    """One register, searchable.

    `rows`: one row per register row (`id` its position): what the register says; `place` (GeoNames id, null
    where none was found) with `place_population` and `place_km` (from the row's position); `regions` (ids of
    the divisions it lies in), `upper` (is a province or county; `upper_first`: said before its name), `head`
    (see `variants.Parsed`) and `bones` (its skeleton). `keys`: one row per key and register row. `names`:
    Latin names without spaces, for the comparison with typing errors. `divisions`: see
    `divisions.known_divisions`. `gazetteer`: all places, for counter-evidence.
    """

    rows: pl.DataFrame
    keys: pl.DataFrame
    names: NameTable
    divisions: pl.DataFrame
    gazetteer: Gazetteer


def build_index(register: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules) -> RegisterIndex:
    """Index a register: `register_id`, `name`, `country_iso3`, and optional `region`, `population`,
    `latitude`, `longitude` (absent ones count as unknown).
    """
    rows = _conform(register).with_row_index("id")
    divisions = known_divisions(rows, rules)
    parsed = parse(rows.select("id", "name", "country_iso3"), divisions, rules)
    own = keys(parsed, rules)
    said = _regions_said(rows, parsed, divisions, rules)
    rows = rows.join(placed(own, rows, said, gazetteer, rules), on="id", how="left", maintain_order="left")
    rows = rows.join(_regions(rows, said), on="id", how="left", maintain_order="left")
    bones = skeleton(pl.when("compound").then(strip_words(pl.col("bare"), rules.words)).otherwise("head"))
    rows = rows.join(
        parsed.names.select("id", "upper", "upper_first", "head", bones=bones),
        on="id",
        how="left",
        maintain_order="left",
    )
    every = pl.concat([own, _aliases(rows, gazetteer, rules)]).sort(
        "points", descending=True, maintain_order=True
    )
    every = every.unique(["id", "key"], keep="first", maintain_order=True)
    return RegisterIndex(
        rows=rows, keys=every, names=latin_names(every, rules), divisions=divisions, gazetteer=gazetteer
    )


def source_key(register: pl.DataFrame, rules: LinkingRules) -> str:
    """Fingerprint of all an index is made from: the register's content, the rules, the gazetteer and the form
    of our frames.
    """
    digest = hashlib.sha256(f"{gazetteer_key()} form {FORM} {rules.model_dump_json()}".encode())
    buffer = io.BytesIO()
    _conform(register).rechunk().write_ipc(buffer)
    digest.update(buffer.getbuffer())
    return digest.hexdigest()[:24]


def to_bytes(index: RegisterIndex) -> Iterator[bytes]:
    """Everything but the gazetteer, as Arrow files."""
    return (_ipc(frame) for frame in (index.rows, index.keys, index.names.frame, index.divisions))


def from_bytes(parts: Iterable[bytes], places: Gazetteer) -> RegisterIndex:
    """The reverse of `to_bytes`; raises polars' error or `ValueError` where the bytes are not its."""
    rows, keys_, names, divisions = (pl.read_ipc(io.BytesIO(part)) for part in parts)
    return RegisterIndex(rows=rows, keys=keys_, names=NameTable(names), divisions=divisions, gazetteer=places)


def latin_names(every: pl.DataFrame, rules: LinkingRules) -> NameTable:
    """The keys that are names in Latin letters, without spaces (`compact`); one row per country, name and
    id.
    """
    plain = every.filter(pl.col("key").str.contains(r"^[a-z0-9 ]+$") & (pl.col("points") > rules.points.part))
    compact = plain.with_columns(compact=pl.col("key").str.replace_all(" ", "", literal=True))
    long = compact.filter(pl.col("compact").str.len_chars() >= rules.limits.fuzzy_min_length)
    return NameTable.of(long.unique(["compact", "id"], keep="first", maintain_order=True))


def _ipc(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.rechunk().write_ipc(buffer, compression="lz4")
    return buffer.getvalue()


def _conform(register: pl.DataFrame) -> pl.DataFrame:
    absent = [
        pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in REGISTER_SCHEMA.items()
        if name not in register.columns
    ]
    return register.with_columns(absent).select(
        pl.col(name).cast(dtype) for name, dtype in REGISTER_SCHEMA.items()
    )


def _regions_said(
    rows: pl.DataFrame, parsed: Parsed, divisions: pl.DataFrame, rules: LinkingRules
) -> pl.DataFrame:
    """The divisions each row names in its column or its name: `id`, `region`."""
    given = rows.select("id", "country_iso3", region_key=region_key(pl.col("region"), rules)).join(
        divisions, on=["country_iso3", "region_key"], how="inner"
    )
    return pl.concat([given.select("id", "region"), parsed.regions.select("id", "region")]).unique(
        maintain_order=True
    )


def _regions(rows: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """The divisions each row lies in: those it names, else that of its place in the gazetteer (whose codes
    are the postal ones in the USA only).
    """
    usa = rows.filter((pl.col("country_iso3") == "USA") & pl.col("admin1").is_not_null() & pl.col("surely"))
    unsaid = usa.join(said.filter(is_coded(pl.col("region"))), on="id", how="anti").select(
        "id", region=pl.format("USA-{}", "admin1")
    )
    return (
        pl.concat([said, unsaid])
        .sort("id", "region")
        .group_by("id", maintain_order=True)
        .agg(regions="region")
    )


def _aliases(rows: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules) -> pl.DataFrame:
    """The gazetteer's other names of the rows' places; a province or county does not get those of its
    capital.
    """
    placed = rows.filter(pl.col("place").is_not_null() & pl.col("surely") & ~pl.col("upper")).select(
        "id", "place", "country_iso3"
    )
    names = gazetteer.names.join(placed.select("place").unique(), on="place", how="semi").join(
        placed, on="place"
    )
    return names.filter(~pl.col("key").str.starts_with(SKELETON_SIGN)).select(
        "id", "country_iso3", "key", points=pl.lit(float(rules.points.alias)), tier=pl.lit("alias")
    )
