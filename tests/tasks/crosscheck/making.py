"""A small register and a small gazetteer, made in no time, for tests of the cross-check and of its caches."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from tasks.crosscheck.gazetteer.build import gazetteer_of
from tasks.crosscheck.gazetteer.geonames import RAW_SCHEMA
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.names import exonyms

Ask = Callable[..., dict[str, object]]

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

PLACES = [
    # id, name, country, latitude, longitude, inhabitants, time zone, division, other names
    (1, "Torino", "IT", 45.07, 7.69, 870_000, "Europe/Rome", "12", ["Turin", "Turín", "TRN"]),
    (2, "Springfield", "US", 39.80, -89.64, 116_000, "America/Chicago", "IL", []),
    (3, "Springfield", "US", 42.10, -72.59, 155_000, "America/New_York", "MA", []),
    (4, "Athína", "GR", 37.98, 23.73, 664_000, "Europe/Athens", "ESYE31", ["Athens", "Αθήνα"]),
    (5, "Saint-Étienne", "FR", 45.43, 4.39, 172_000, "Europe/Paris", "84", []),
    (6, "Étienne", "FR", 48.10, 1.00, 600, "Europe/Paris", "24", []),
    (7, "Ürümqi", "CN", 43.80, 87.60, 3_000_000, "Asia/Urumqi", "13", ["Wulumuqi"]),
    (8, "Beijing", "CN", 39.91, 116.40, 18_000_000, "Asia/Shanghai", "22", ["Peking", "北京"]),
    # 0 inhabitants: the gazetteer does not know them
    (9, "Cortes", "ES", 41.92, -1.42, 0, "Europe/Madrid", "32", []),
    (10, "Las Cortes", "ES", 40.41, -3.70, 3_000, "Europe/Madrid", "29", []),
]


def small_register() -> pl.DataFrame:
    """Rows as a dirty register has them, one for each kind of trouble."""
    return pl.DataFrame(REGISTER, schema=COLUMNS, orient="row")


def small_gazetteer() -> Gazetteer:
    """The gazetteer of `PLACES`, in two chunks, with one exonym of Torino that GeoNames lacks."""
    country = {"IT": "ITA", "US": "USA", "GR": "GRC", "FR": "FRA", "CN": "CHN", "ES": "ESP"}
    rows = [
        (id_, name, lat, lon, iso2, people, zone, division, others)
        for id_, name, iso2, lat, lon, people, zone, division, others in PLACES
    ]
    raw = pl.DataFrame(rows, schema=RAW_SCHEMA, orient="row").with_columns(
        country_iso3=pl.col("countrycode").replace_strict(country)
    )
    named = [("Europe/Rome", "IT", "Turin"), ("Europe/Rome", "IT", "Augusta Taurinorum")]
    return gazetteer_of([raw[:3], raw[3:]], pl.DataFrame(named, schema=exonyms.SCHEMA, orient="row"))
