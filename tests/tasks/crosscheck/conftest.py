"""The gazetteer, made once for all tests and kept with pytest's own cache, and a small register to link
to.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from programme.linking import LinkingRules
from programme.programme import Programme
from tasks.crosscheck import gazetteer_cache
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.linkage.linker import RegisterIndex, build_index, link

REGISTER = [
    ("R1", "Torino", "ITA", "Piedmont", 870_456, 45.07, 7.69),
    ("R2", "Comune di Savigliano", "ITA", "Cuneo", 21_307, 44.65, 7.66),
    ("R3", "Savigliano", "ITA", "Cuneo", 21_000, 44.65, 7.66),
    ("R4", "Portland, OR", "USA", "Oregon", 652_503, 45.52, -122.68),
    ("R5", "Springfield, IL", "USA", None, 116_565, None, None),
    ("R6", "Springfield, MA", "USA", None, 155_929, None, None),
    ("R7", "København", "DNK", None, 1_153_615, 55.68, 12.57),
    ("R8", "Cork", "IRL", None, 190_384, 51.9, -8.47),
    ("R9", "Frankfurt am Main", "DEU", "Hesse", 650_000, 50.11, 8.68),
    ("R10", "Athens", "GRC", "Attica", 664_046, 37.98, 23.73),
    ("R11", "Călărași", "ROU", "Călărași", 65_181, 44.2, 27.33),
    ("R12", "Trento - Rovereto", "ITA", "Trentino", 150_000, 46.0, 11.1),
    ("R13", "Zzyzxville Nowhere", "USA", "California", 5_000, None, None),
    # position and population of another place than the one of this name, as dirty registers have them
    ("R14", "Rios", "ESP", "Seville", 30_657, 37.28, -6.05),
    # the population of another place, the position of this one
    ("R15", "San Prospero", "ITA", "Parma", 198_292, 44.8, 10.33),
    ("R16", "Lansing, MI", "USA", "Michigan", 116_020, 42.73, -84.56),
    ("R17", "Durban", "ZAF", "KwaZulu-Natal", 3_720_953, -29.86, 31.03),
    ("R18", "Lahti", "FIN", None, 119_573, 60.98, 25.66),
    ("R19", "Lille, France", "BEL", None, 16_529, 51.24, 4.82),
    ("R21", "Juárez", "MEX", "Chihuahua", 1_512_000, 31.74, -106.49),
    ("R22", "Kyiv", "UKR", None, 2_950_000, 50.45, 30.52),
    ("R20", "Dresden", "DEU", "Saxony", 551_072, 51.05, 13.74),
]
COLUMNS = ["register_id", "name", "country_iso3", "region", "population", "latitude", "longitude"]

Ask = Callable[..., dict[str, object]]


@pytest.fixture(scope="session")
def rules(programme: Programme) -> LinkingRules:
    return programme.linking


@pytest.fixture(scope="session")
def cache(request: pytest.FixtureRequest) -> Path:
    return Path(request.config.cache.mkdir("crosscheck"))


@pytest.fixture(scope="session")
def gazetteer(cache: Path) -> Gazetteer:
    return gazetteer_cache.load(cache)


@pytest.fixture(scope="session")
def register() -> pl.DataFrame:
    return pl.DataFrame(REGISTER, schema=COLUMNS, orient="row")


@pytest.fixture(scope="session")
def index(register: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules) -> RegisterIndex:
    return build_index(register, gazetteer, rules)


@pytest.fixture(scope="session")
def ask(index: RegisterIndex, rules: LinkingRules) -> Ask:
    """Link one name to the small register."""

    def one(name: str | None, country_iso3: str | None, **more: object) -> dict[str, object]:
        row = {"query_id": "q", "name": name, "country_iso3": country_iso3, **more}
        schema = {"query_id": pl.String, "name": pl.String, "country_iso3": pl.String}
        return link(pl.DataFrame([row], schema_overrides=schema), index, rules).row(0, named=True)

    return one
