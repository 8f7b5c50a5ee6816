"""Places of one name, twins in the register, and figures that are another place's."""

from __future__ import annotations

import polars as pl

from tests.tasks.crosscheck.siblings.drawing import Drawn, asked, plain

NOBODY = pl.lit(None, dtype=pl.String)
CLEARLY = 5
"""A place is clearly the larger from so many times the inhabitants of its largest namesake on."""


def pairs(drawn: Drawn) -> pl.DataFrame:
    """One row per row of the register and other place of its name that no row of the register is."""
    other = drawn.others.select(
        "country_iso3", "key", other="place", other_name="place_name", other_population="place_population",
        other_lat="latitude", other_admin1="admin1",
    )  # fmt: skip
    # the name must be of one row only: rows of one name decide among themselves
    alone = drawn.own.filter(pl.len().over("country_iso3", "key") == 1)
    return (
        alone.join(other, on=["country_iso3", "key"])
        .filter(pl.col("other_population") > 0)
        .sort("register_id", "other")
    )


def others_figure(drawn: Drawn, most: int) -> pl.DataFrame:
    """The other place with its own inhabitants."""
    frame = drawn.sample(pairs(drawn), most, "others_figure")
    return _of_other(frame, population=pl.col("other_population"))


def others_near_figure(drawn: Drawn, most: int) -> pl.DataFrame:
    """The same where both have inhabitants within a factor of 2 of each other, but not the same."""
    factor = (pl.col("other_population").log() - pl.col("population").clip(1).log()).abs().exp()
    frame = pairs(drawn).filter(factor.is_between(1.03, 2.0))
    return _of_other(drawn.sample(frame, most, "near_figure"), population=pl.col("other_population"))


def larger_without_figure(drawn: Drawn, most: int) -> pl.DataFrame:
    """The other place without inhabitants, where it is as large as the row's place or larger."""
    larger = pl.col("other_population") >= pl.max_horizontal(
        pl.col("place_population"), pl.col("population").fill_null(0)
    )
    return _of_other(drawn.sample(pairs(drawn).filter(larger), most, "larger"))


def _of_other(frame: pl.DataFrame, **columns: pl.Expr) -> pl.DataFrame:
    return plain(
        frame, name=pl.col("other_name"), country_iso3=pl.col("country_iso3"), register_id=NOBODY, **columns
    )


def own_figure(drawn: Drawn, most: int) -> pl.DataFrame:
    """The row's own place with its inhabitants, where others have the name."""
    frame = (
        pairs(drawn).filter(pl.col("population") > 0).unique("register_id", keep="first", maintain_order=True)
    )
    return plain(
        drawn.sample(frame, most, "own_figure"),
        name=pl.col("place_name"), country_iso3=pl.col("country_iso3"), population=pl.col("population"),
    )  # fmt: skip


def own_clearly_larger(drawn: Drawn, most: int) -> pl.DataFrame:
    """The row's own place without inhabitants, where it is clearly the largest of its name."""
    largest = pairs(drawn).filter(
        pl.col("other_population") == pl.col("other_population").max().over("register_id")
    )
    frame = largest.filter(
        pl.min_horizontal("place_population", "population") >= CLEARLY * pl.col("other_population")
    ).unique("register_id", keep="first", maintain_order=True)
    return plain(
        drawn.sample(frame, most, "clearly_larger"),
        name=pl.col("place_name"),
        country_iso3=pl.col("country_iso3"),
    )


TWINS = {
    "FRA": ("Communauté d'Agglomération de {}", "Ville de {}"),
    "BEL": ("Arrondissement de {}", "Ville de {}"),
    "MAR": ("Commune urbaine de {}", "Arrondissement de {}"),
    "ITA": ("Città Metropolitana di {}", "Comune di {}"),
    "GBR": ("{} City Region", "{} City Council"),
    "DEU": ("Verbandsgemeinde {}", "Stadt {}"),
    "ESP": ("Área Metropolitana de {}", "Ayuntamiento de {}"),
    "BRA": ("Região Metropolitana de {}", "Prefeitura Municipal de {}"),
}
"""A larger body of the name, and the city's own, in some countries."""


def twin_register(drawn: Drawn, most: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A register with a city and a larger body of its name each, and queries for both."""
    rows, queries = [], []
    places = drawn.gazetteer.places.filter(
        pl.col("country_iso3").is_in(sorted(TWINS)), pl.col("population") > 60_000
    ).sort("place")
    for at in drawn.sample(places, most, "twins").iter_rows(named=True):
        body, city = TWINS[at["country_iso3"]]
        name, iso3, people = at["name"], at["country_iso3"], int(at["population"])
        rows.append((f"C{at['place']}", name, iso3, people, at["latitude"], at["longitude"]))
        rows.append(
            (f"B{at['place']}", body.format(name), iso3, int(people * 1.9), at["latitude"], at["longitude"])
        )
        queries += [
            (name, iso3, people, None, f"C{at['place']}"),
            (name, iso3, None, None, f"C{at['place']}"),
            (city.format(name), iso3, None, None, f"C{at['place']}"),
            (body.format(name), iso3, None, None, f"B{at['place']}"),
        ]
    schema = ["register_id", "name", "country_iso3", "population", "latitude", "longitude"]
    return pl.DataFrame(rows, schema=schema, orient="row"), asked(queries)


def region_register(drawn: Drawn, most: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Two rows of one name in two provinces, without position and figure, and the bare name."""
    rows, queries = [], []
    for at in drawn.sample(drawn.own.filter(pl.col("country_iso3") == "BRA"), most, "regions").iter_rows(
        named=True
    ):
        for number, state in enumerate(("Bahia", "Paraná")):
            rows.append((f"S{at['place']}-{number}", at["place_name"], "BRA", state))
        queries.append((at["place_name"], "BRA", None, None, None))
    return pl.DataFrame(rows, schema=["register_id", "name", "country_iso3", "region"], orient="row"), asked(
        queries
    )
