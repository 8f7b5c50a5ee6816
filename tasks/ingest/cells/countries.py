"""Which country a text names.

Belongs here: every usual name of a country in English, French, Spanish, German, Portuguese and Italian, its
ISO codes, and the long forms that the United Nations, the World Bank and CDP write. Must stay out: which
world region a country is in (`programme/regions.toml`).
"""

from __future__ import annotations

from functools import cache

import polars as pl
from rapidfuzz import fuzz, process

from tasks.ingest.cells.country_names import COUNTRY_NAMES
from tasks.ingest.cells.text import fold

OTHER_NAMES = {
    "ARE": "UAE|U.A.E.|Emirates|Emiratos Árabes|EAU|VAE",
    "BIH": "Bosnia|Bosnia-Herzegovina|Bosnia & Herzegovina",
    "BOL": "Plurinational State of Bolivia|Bolivia (Plurinational State of)|Bolivia, Plurinational State of|Estado Plurinacional de Bolivia",
    "BRN": "Brunei Darussalam",
    "CAF": "Central African Rep.|CAR",
    "CHE": "Swiss Confederation|Schweiz|Suisse|Svizzera|Svizra",
    "CHN": "People's Republic of China|PR China|P.R. China|China, People's Republic of|Mainland China|中国",
    "CIV": "Ivory Coast|Cote d'Ivoire|Republic of Côte d'Ivoire|Costa de Marfil|Elfenbeinküste",
    "COD": "Democratic Republic of the Congo|Democratic Republic of Congo|DR Congo|D.R. Congo|DRC|Dem. Rep. Congo|Dem. Rep. of the Congo|"
    "Congo, Democratic Republic of the|Congo, Dem. Rep.|Congo (Democratic Republic of the)|Congo DR|Congo-Kinshasa|RDC|R.D. Congo|"
    "République démocratique du Congo|República Democrática do Congo|Demokratische Republik Kongo|Repubblica Democratica del Congo|Zaire",
    "COG": "Congo|Republic of the Congo|Republic of Congo|Congo, Republic of the|Congo, Rep.|Congo-Brazzaville|République du Congo|"
    "República del Congo|Republik Kongo|Repubblica del Congo",
    "CPV": "Cape Verde|Cabo Verde|Republic of Cabo Verde",
    "CZE": "Czech Republic|République tchèque|República Checa|Tschechische Republik|Repubblica Ceca",
    "DEU": "Federal Republic of Germany|Bundesrepublik Deutschland|BRD",
    "EGY": "Arab Republic of Egypt|Egypt, Arab Rep.",
    "FSM": "Federated States of Micronesia|Micronesia (Federated States of)|Micronesia, Fed. Sts.",
    "GBR": "United Kingdom of Great Britain and Northern Ireland|Great Britain|UK|U.K.|Britain|England|Scotland|Wales|Northern Ireland|"
    "Royaume Uni de Grande-Bretagne et d'Irlande du Nord|Grande-Bretagne|Gran Bretaña|Großbritannien|Grã-Bretanha|Gran Bretagna|Inglaterra",
    "GMB": "The Gambia|Gambia, The|Republic of the Gambia",
    "BHS": "The Bahamas|Bahamas, The",
    "HKG": "Hong Kong|Hong Kong SAR|Hong Kong, China|China, Hong Kong Special Administrative Region|Hongkong",
    "IRN": "Islamic Republic of Iran|Iran (Islamic Republic of)|Iran, Islamic Republic of|Iran, Islamic Rep.",
    "ISR": "State of Israel",
    "KGZ": "Kyrgyz Republic|Kirghizia",
    "KNA": "Saint Kitts and Nevis|St. Kitts and Nevis",
    "KOR": "Republic of Korea|Korea, Republic of|Korea, Rep.|Korea (Republic of)|Korea, South|South Korea|S. Korea|Korea|República de Corea|"
    "République de Corée|Corea del Sur|대한민국",
    "PRK": "Democratic People's Republic of Korea|Korea, Dem. People's Rep.|Korea (Democratic People's Republic of)|DPRK|Korea, North",
    "LAO": "Lao People's Democratic Republic|Lao PDR|Lao",
    "LBY": "Libyan Arab Jamahiriya|State of Libya",
    "LCA": "Saint Lucia|St. Lucia",
    "MAC": "Macao|Macau|Macao SAR|China, Macao Special Administrative Region",
    "MDA": "Republic of Moldova|Moldova, Republic of|Moldova (Republic of)|Moldavia",
    "MEX": "United Mexican States|Estados Unidos Mexicanos|Méjico",
    "MKD": "North Macedonia|Macedonia|Republic of North Macedonia|FYROM|The former Yugoslav Republic of Macedonia|FYR Macedonia",
    "MMR": "Burma|Birma|Birmanie|Birmania|Myanmar",
    "NZL": "Aotearoa New Zealand|Aotearoa|NZ",
    "NLD": "The Netherlands|Netherlands, The|Holland|Kingdom of the Netherlands|Niederlande|Nederland|Hollande|Holanda|Netherlands (Kingdom of the)",
    "PHL": "The Philippines|Republic of the Philippines|Pilipinas",
    "PRT": "Portuguese Republic",
    "PSE": "State of Palestine|Palestine|Palestine, State of|Palestinian Territory|Palestinian Territory, Occupied|Occupied Palestinian Territory|"
    "West Bank and Gaza|Palestina|Palästina|État de Palestine|Estado de Palestina|Stato di Palestina",
    "RUS": "Russian Federation|Fédération de Russie|Federación de Rusia|Russische Föderation|Federação Russa|Federazione Russa",
    "STP": "Sao Tome and Principe|São Tomé & Príncipe",
    "SVK": "Slovak Republic|République slovaque|Slowakische Republik",
    "SWZ": "Swaziland|Kingdom of Eswatini|Suazilandia|Swasiland|Suazilândia",
    "SYR": "Syrian Arab Republic",
    "TLS": "East Timor|Timor Leste",
    "TTO": "Trinidad and Tobago|Trinidad",
    "TUR": "Turkey|Türkiye|Turkiye|Republic of Türkiye|Republic of Turkey|Turquie",
    "TWN": "Taiwan, Greater China|Taiwan, China|Taiwan, Province of China|Taiwan (Province of China)|Chinese Taipei|Taiwan (ROC)|Taiwan ROC|"
    "Republic of China|Republic of China (Taiwan)|臺灣|台灣",
    "TZA": "United Republic of Tanzania|Tanzania, United Republic of|Tanzania (United Republic of)",
    "USA": "United States of America|US|U.S.|U.S.A.|USA|United States|America|The United States|The United States of America|États-Unis d'Amérique|"
    "Estados Unidos de América|EE. UU.|EEUU|EUA|Vereinigte Staaten von Amerika|Stati Uniti d'America|Estados Unidos da América",
    "VAT": "Holy See|Vatican",
    "VCT": "Saint Vincent and the Grenadines|St. Vincent and the Grenadines",
    "VEN": "Bolivarian Republic of Venezuela|Venezuela (Bolivarian Republic of)|Venezuela, Bolivarian Republic of|Venezuela, RB",
    "VIR": "United States Virgin Islands|Virgin Islands (U.S.)|US Virgin Islands",
    "VGB": "British Virgin Islands|Virgin Islands (British)",
    "VNM": "Viet Nam|Vietnam|Socialist Republic of Vietnam|Socialist Republic of Viet Nam",
    "XKX": "Kosovo (under UNSCR 1244)|Kosovo*|Republic of Kosovo|XKX",
    "YEM": "Yemen, Rep.|Republic of Yemen",
    "ZAF": "Republic of South Africa|RSA|South-Africa",
}  # fmt: skip
"""Names beyond CLDR's: long forms of the UN and the World Bank, those of CDP's city questionnaires, and
everyday short ones.
"""

_SHORTEST = 7
"""Letters of a name that may be taken for a close spelling: Niger and Nigeria, Iran and Iraq are too near
each other.
"""
_LONGEST = 100
"""Letters beyond which a text is no name of a country."""
_CLOSE, _LEAD = 87.0, 6.0
"""How alike (0-100) a spelling must be to a country's name, and by how much more than to any other country's:
one wrong letter in eight.
"""
_LEADING = (
    "republic of ",
    "the republic of ",
    "kingdom of ",
    "the kingdom of ",
    "the ",
    "republique de ",
    "republique du ",
    "republica de ",
    "republik ",
)


@cache
def _known() -> dict[str, str]:
    """Folded name to code: our own list first, then codes and usual names, then what countries call
    themselves, then names without brackets.
    """
    lines = [line.split("|") for line in COUNTRY_NAMES.splitlines()]
    usual = [(name, line[0]) for line in lines for name in (line[: line.index("")] if "" in line else line)]
    own = [(name, line[0]) for line in lines if "" in line for name in line[line.index("") + 1 :]]
    other = [(name, iso3) for iso3, names in OTHER_NAMES.items() for name in names.split("|")]
    table: dict[str, str] = {}
    for name, iso3 in (*other, *usual, *own, *((name.partition("(")[0], iso3) for name, iso3 in usual)):
        table.setdefault(fold(name), iso3)
    return table


@cache
def _plain() -> dict[str, str]:
    lines = [line.split("|") for line in COUNTRY_NAMES.splitlines()]
    return {form: iso3 for iso3, iso2, *names in lines for form in (iso3, iso2, *names[:1])}


def to_iso3(text: str | None) -> str | None:
    """The ISO 3166-1 alpha-3 code of the country a text names, or of the one it is a close spelling of; None
    where it names none, or leaves it open.
    """
    return (exactly(text) or _close_to(fold(text))) if text and len(text) <= _LONGEST else None


def exactly(text: str) -> str | None:
    """The code of the country a text names without any error of spelling."""
    if len(text) > _LONGEST:
        return None
    key, known = fold(text), _known()
    if key in known:
        return known[key]
    for prefix in _LEADING:
        if key.startswith(prefix) and key.removeprefix(prefix) in known:
            return known[key.removeprefix(prefix)]
    return known.get(key.replace(" and ", " "))


def _close_to(key: str) -> str | None:
    """The country whose name is nearest, if near enough and well ahead of any other country: "Austrlia" could
    be two and is none.
    """
    if len(key) < _SHORTEST:
        return None
    best: dict[str, float] = {}
    for name, score, _ in process.extract(
        key, list(_known()), scorer=fuzz.ratio, score_cutoff=_CLOSE - _LEAD, limit=None
    ):
        code = _known()[name]
        best[code] = max(score, best.get(code, 0.0))
    ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))
    if not ranked or ranked[0][1] < _CLOSE or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _LEAD):
        return None
    return ranked[0][0]


def to_iso3_series(texts: pl.Series) -> pl.Series:
    """`to_iso3` of every text; each different one is looked up once."""
    different = texts.drop_nulls().unique(maintain_order=True)
    codes = pl.Series([to_iso3(text) for text in different], dtype=pl.String)
    return texts.replace_strict(different, codes, default=None, return_dtype=pl.String)


def is_plain(text: str) -> bool:
    """Whether a country stands as its ISO code or its usual English name, so that nothing had to be
    understood.
    """
    return text in _plain()
