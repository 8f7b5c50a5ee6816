"""Both realistic rounds on a map: every city lies in its country, and no topic is matched where it cannot
be.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from flows.caches import load_gazetteer
from programme.programme import Programme
from programme.water.water_map import water_near
from tasks.crosscheck.gazetteer.place_map import PlaceMap, kilometres
from tasks.eligibility.topic_places import suits
from tests.flows.office import Office

pytestmark = pytest.mark.long
ROUNDS = ("2025-07", "2026-01")
MENDED = {
    "Perth": (-31.95, 115.86, "Australia/Perth"),
    "Medford": (42.42, -71.11, "America/New_York"),
    "Changwon": (35.23, 128.68, "Asia/Seoul"),
    "Moita": (38.65, -8.99, "Europe/Lisbon"),
    "Tarija": (-21.53, -64.73, "America/La_Paz"),
}
"""Cities whose position in a register is wrong: where they lie."""
Tables = dict[str, dict[str, pl.DataFrame]]


@pytest.fixture(scope="module")
def tables(shared_data: Path, tmp_path_factory: pytest.TempPathFactory, cache_folder: Path) -> Tables:
    """The published tables of both rounds, the first one's twinnings confirmed before the second."""
    from flows.context import open_context
    from flows.settings import read_settings

    folder = tmp_path_factory.mktemp("realistic")
    environment = {"CITY2CITY_DATA": str(folder), "CITY2CITY_CACHE": str(cache_folder)}
    office = Office(open_context(read_settings(environment)), shared_data / "rounds")
    found = {}
    for round_id in ROUNDS:
        found[round_id] = office.tables(round_id, office.run(round_id).version)
        office.confirm_all(round_id)
    return found


@pytest.fixture(scope="module")
def place_map(cache_folder: Path) -> PlaceMap:
    return PlaceMap(load_gazetteer(cache_folder).places)


@pytest.mark.parametrize("round_id", ROUNDS)
def test_every_city_lies_in_its_country_and_time_zone(
    round_id: str, tables: Tables, place_map: PlaceMap, programme: Programme
) -> None:
    """Or it has no position, and a finding says so."""
    told = set(tables[round_id]["findings"].filter(pl.col("table") == "cities")["row_key"])
    wrong = []
    for city in tables[round_id]["applications"].iter_rows(named=True):
        if city["country_iso3"] is None:
            assert city["latitude"] is None
        elif city["latitude"] is None:
            assert city["application_id"] in told
        else:
            near = place_map.nearest(city["latitude"], city["longitude"])
            home = programme.regions.with_territories(city["country_iso3"])
            own = place_map.nearest_in(home, city["latitude"], city["longitude"])
            if near.country_iso3 not in home or own is None or own.timezone != city["timezone"]:
                wrong.append((city["application_id"], city["city_name"], near.name, city["timezone"]))
            assert city["region"] == programme.regions.by_country[city["country_iso3"]]
    assert wrong == []


@pytest.mark.parametrize("round_id", ROUNDS)
def test_wrong_positions_of_the_registers_are_mended_and_told(round_id: str, tables: Tables) -> None:
    told = set(tables[round_id]["findings"].filter(pl.col("table") == "cities")["row_key"])
    forms = tables[round_id]["applications"].filter(pl.col("city_name").is_in(list(MENDED)))
    assert not forms.is_empty()
    for city in forms.iter_rows(named=True):
        latitude, longitude, zone = MENDED[city["city_name"]]
        assert kilometres(city["latitude"], city["longitude"], latitude, longitude) < 10
        assert city["timezone"] == zone
        assert city["application_id"] in told


@pytest.mark.parametrize("round_id", ROUNDS)
def test_no_city_is_matched_on_a_topic_that_does_not_suit_its_place(
    round_id: str, tables: Tables, programme: Programme
) -> None:
    found = tables[round_id]
    members = (
        found["twinning_members"]
        .join(found["twinnings"].select("twinning_id", "topic"), on="twinning_id")
        .join(found["applications"].select("application_id", "latitude", "longitude"), on="application_id")
    )
    for row in members.filter(pl.col("topic").is_in(list(programme.topics.places))).iter_rows(named=True):
        assert suits(water_near(row["latitude"], row["longitude"]), programme.topics.places[row["topic"]])
    asked = set(found["findings"].filter(pl.col("expectation") == "topic_suits_the_place")["row_key"])
    assert asked, "both rounds have inland cities that chose ports"
