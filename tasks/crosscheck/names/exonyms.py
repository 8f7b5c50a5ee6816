"""What the world's large cities are called in other languages, from Unicode CLDR (the names of the cities
that stand for time zones).

Belongs here: reading those names from the package `babel`. Must stay out: which place they belong to
(`gazetteer.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from babel import localedata
from babel.core import get_global

SCHEMA = pl.Schema({"zone": pl.String(), "iso2": pl.String(), "text": pl.String()})

SCRIPT_LETTERS = 4


def city_names() -> pl.DataFrame:
    """One row per name: `zone` (IANA time zone), `iso2` of its country, `text` the city's name in some
    language; English and the zone's own word included.
    """
    territories: Mapping[str, str] = get_global("zone_territories")
    names = {(zone, zone.rsplit("/", 1)[-1].replace("_", " ")) for zone in territories}
    for identifier in filter(_is_language, localedata.locale_identifiers()):
        zones = localedata.load(identifier, merge_inherited=False).get("time_zones", {})
        names.update((zone, str(data["city"])) for zone, data in zones.items() if "city" in data)
        # babel keeps every language it has read, hundreds of megabytes that nothing here needs again
        getattr(localedata, "_cache", {}).clear()
    rows = sorted((zone, territories[zone], text) for zone, text in names if zone in territories)
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _is_language(identifier: str) -> bool:
    """A language, or a language in a script; its countries' variants name the same cities the same way."""
    return all(len(part) == SCRIPT_LETTERS for part in identifier.split("_")[1:])
