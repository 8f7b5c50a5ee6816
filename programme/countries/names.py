"""The names and codes of countries, read from `names.csv` and `other_names.toml`.

Belongs here: one record per country and reading them once. Must stay out: how a text is compared with them
(`tasks/ingest/cells/countries.py`) and which world region a country is in (`programme/regions.toml`).
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
NAME_SEPARATOR = "|"
"""What parts the names in one cell of `names.csv`."""


@dataclass(frozen=True)
class CountryNames:
    """One country.

    `iso3`, `iso2`: ISO 3166-1 codes. `usual`: its names in English, French, Spanish, German, Portuguese and
    Italian, as far as they differ, English first. `own`: what its official languages call it, beyond those.
    `other`: long, short and former names.
    """

    iso3: str
    iso2: str
    usual: tuple[str, ...]
    own: tuple[str, ...]
    other: tuple[str, ...]


@cache
def country_names() -> tuple[CountryNames, ...]:
    """Every country, in order of alpha-3.

    Read on first use, so that a command that meets no country does not pay for it (4 ms). Raises `KeyError`
    where a code of `other_names.toml` is not in `names.csv`.
    """
    other = tomllib.loads((_HERE / "other_names.toml").read_text("utf-8"))
    with (_HERE / "names.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    unknown = set(other) - {row["iso3"] for row in rows}
    if unknown:
        raise KeyError(f"other_names.toml: {', '.join(sorted(unknown))} are no codes of names.csv")
    return tuple(
        CountryNames(
            iso3=row["iso3"],
            iso2=row["iso2"],
            usual=_split(row["usual_names"]),
            own=_split(row["own_names"]),
            other=tuple(other.get(row["iso3"], ())),
        )
        for row in rows
    )


def _split(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(NAME_SEPARATOR)) if cell else ()
