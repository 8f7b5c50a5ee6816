"""In which encoding a text is that does not say it: its letters must fit the countries of its rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tasks.ingest.step import ReadTable
from tests.tasks.ingest.conftest import MINIMAL

CASES: dict[str, tuple[str, str, list[tuple[str, str, str]]]] = {
    "Western": ("cp1252", "Windows-1252", [("Málaga", "Spain", "Année"), ("Malmö", "Sweden", "Größe")]),
    "English with typeset signs": (
        "cp1252",
        "Windows-1252",
        [
            ("Leeds", "United Kingdom", "It’s our city’s plan – “ready” to share—today…"),
            ("Nice", "France", "L’été"),
        ],
    ),
    "Polish and Czech": (
        "cp1250",
        "Windows-1250",
        [("Łódź", "Poland", "Żółw"), ("Český Těšín", "Czechia", "")],
    ),
    "Hungarian": (
        "cp1250",
        "Windows-1250",
        [("Győr", "Hungary", "Szűz"), ("Hódmezővásárhely", "Hungary", "")],
    ),
    "Cyrillic": ("cp1251", "Windows-1251", [("София", "Bulgaria", "Защо"), ("Київ", "Ukraine", "")]),
    "Greek": ("cp1253", "Windows-1253", [("Αθήνα", "Greece", "Γιατί"), ("Πάτρα", "Greece", "")]),
    "Turkish": ("cp1254", "Windows-1254", [("İzmir", "Türkiye", "Şehir ağı"), ("Eskişehir", "Turkey", "")]),
    "Lithuanian": (
        "cp1257",
        "Windows-1257",
        [("Šiauliai", "Lithuania", "Ąžuolų"), ("Kėdainiai", "Lithuania", "ė")],
    ),
    "of a Mac": (
        "mac_roman",
        "Mac Roman",
        [("São Paulo", "Brazil", "Região"), ("Bogotá", "Colombia", "García"), ("Nîmes", "France", "année")],
    ),
}


@pytest.mark.parametrize(("codec", "name", "rows"), CASES.values(), ids=CASES)
def test_the_encoding_is_the_one_whose_letters_fit(
    read: Callable[..., ReadTable],
    as_csv: Callable[..., str],
    codec: str,
    name: str,
    rows: list[tuple[str, str, str]],
) -> None:
    forms = [
        MINIMAL | {"submission_id": f"S{n}", "city_name": city, "country": country, "motivation": text}
        for n, (city, country, text) in enumerate(rows)
    ]
    table = read(as_csv(forms).encode(codec))
    assert table.frame.sort("row")["city_name"].to_list() == [city for city, _, _ in rows]
    assert table.passport.encoding == name
    assert table.findings["expectation"].to_list() == []


def test_doubt_is_said(read: Callable[..., ReadTable], as_csv: Callable[..., str]) -> None:
    forms = [MINIMAL | {"city_name": "Xµ¤¬z", "country": "Kenya"}]
    table = read(as_csv(forms).encode("latin-1"))
    assert table.findings["expectation"].to_list() == ["encoding_certain"]


def test_the_country_may_be_written_in_the_encoding_too(
    read: Callable[..., ReadTable], as_csv: Callable[..., str]
) -> None:
    forms = [MINIMAL | {"city_name": "Plzeň", "country": "Česko"}]
    table = read(as_csv(forms).encode("cp1250"))
    assert (table.frame["city_name"][0], table.frame["country_iso3"][0]) == ("Plzeň", "CZE")
