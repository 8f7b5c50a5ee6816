"""Languages: which languages are used in which country, from Unicode CLDR.

Belongs here: reading that from the package `babel`. Must stay out: the words of the languages
(`programme/linking.toml`).
"""

from __future__ import annotations

from functools import cache

from babel.languages import get_territory_language_info

from programme.countries.names import country_names

EVERYWHERE = ("en",)
"""The form is in English (FAQ 3.3.2), so English words stand around names of every country."""
SPOKEN_PERCENT = 1.5
"""A language that no law names is used where so many of a hundred speak it, as German in Italy."""
OTHER_CODES = {"fil": "tl", "no": "nb", "bs": "sr", "sh": "sr", "nn": "nb", "prs": "fa", "cnr": "sr"}
"""Codes of CLDR, and of the language whose words are listed for them."""


@cache
def languages_of(country_iso3: str | None) -> frozenset[str] | None:
    """The languages (BCP 47) that are official or widely spoken in a country; None where it is not known."""
    iso2 = _iso2().get(country_iso3 or "")
    if iso2 is None:
        return None
    known = get_territory_language_info(iso2)
    used = {
        code.split("_")[0]
        for code, facts in known.items()
        if facts.get("official_status") or float(facts.get("population_percent") or 0) >= SPOKEN_PERCENT
    }
    return frozenset({*EVERYWHERE, *used, *(OTHER_CODES[code] for code in used if code in OTHER_CODES)})


@cache
def _iso2() -> dict[str, str]:
    return {item.iso3: item.iso2 for item in country_names()}
