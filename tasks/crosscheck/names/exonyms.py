"""Exonyms: the names of the world's large cities in other languages, from Unicode CLDR.

CLDR names the cities after which time zones are called. Belongs here: reading those names from the package
`babel`. Must stay out: which place of the gazetteer a name belongs to (`gazetteer/build.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from babel import localedata
from babel.core import get_global

SCHEMA = pl.Schema({"zone": pl.String(), "iso2": pl.String(), "text": pl.String()})

SCRIPT_LETTERS = 4


def city_names() -> pl.DataFrame:
    """One row per name: `zone` (IANA time zone), `iso2` (its country), `text` (the city in some language).

    English names and the city in the zone's own identifier ("Europe/Rome") are included.
    """
    territories: Mapping[str, str] = get_global("zone_territories")
    names = {(zone, zone.rsplit("/", 1)[-1].replace("_", " ")) for zone in territories}
    for identifier in filter(_is_language, localedata.locale_identifiers()):
        zones = localedata.load(identifier, merge_inherited=False).get("time_zones", {})
        names.update((zone, str(data["city"])) for zone, data in zones.items() if "city" in data)
        # babel caches every language that it reads: hundreds of megabytes that are not needed again
        getattr(localedata, "_cache", {}).clear()
    rows = sorted((zone, territories[zone], text) for zone, text in names if zone in territories)
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _is_language(identifier: str) -> bool:
    """Whether a locale is a language, or a language in one script.

    A language's variants for countries name the cities in the same way, so they are not read.
    """
    return all(len(part) == SCRIPT_LETTERS for part in identifier.split("_")[1:])
