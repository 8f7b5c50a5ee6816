"""How well names are linked that the rules were not chosen on.

These are names with administrative words that are not listed, and namesakes drawn from the gazetteer.

Run: `python -m tests.benchmarks.bench_crosscheck_unseen`. The labelled list says how good the rules are on
names like those they were chosen on; this says how much of it would be left on others. Needs
`../shared/data/city-names`, like `bench_crosscheck.py`.
"""

from __future__ import annotations

import random

import polars as pl

from flows.caches import load_gazetteer
from programme.linking import LinkingRules
from programme.programme import read_programme
from tasks.crosscheck.gazetteer.geodesy import distance_km
from tasks.crosscheck.linkage.index import RegisterIndex, build_index
from tasks.crosscheck.linkage.linker import link_names
from tasks.crosscheck.linkage.lists import read_queries, read_register
from tasks.crosscheck.names.folding import fold_name
from tests.benchmarks.bench_crosscheck import DATA, FOLDS, figures, judge, tell

KINDS = ("before", "after", "upper_before", "upper_after")
APART_KM, SAME_KM = 50, 15
APART_FACTOR = 5
"""Two places of one name are told apart here if they are so far from each other and their inhabitants differ
by so much.
"""
SEED = 1


def main() -> None:
    """Measure and print. Without the data, print that they are missing."""
    if not (DATA / "dev.csv").is_file():
        tell("skipped: ../shared/data/city-names is not here")
        return
    rules, gazetteer = read_programme().linking, load_gazetteer(None)
    register = read_register(pl.read_csv(DATA / "reference.csv", infer_schema=False), "reference.csv")
    index = build_index(register, gazetteer, rules)
    names = pl.read_csv(DATA / "dev.csv", infer_schema=False)
    measure_unlisted_words(names.filter(stratum="decoration"), register, index, rules)
    measure_namesakes(index, set(names["gold_id"].drop_nulls()), rules)


def measure_unlisted_words(
    names: pl.DataFrame, register: pl.DataFrame, index: RegisterIndex, rules: LinkingRules
) -> None:
    """How many decorated names of each fifth of the cities are lost without the words that only they have."""
    told = judge(names, link_names(read_queries(names, "dev.csv"), index, rules)).with_columns(
        text=pl.format(" {} ", names.select(fold_name(pl.col("name"))).to_series())
    )
    lost = to_a_person = 0
    for number in range(FOLDS):
        mine, others = told.filter(fold=number), told.filter(pl.col("fold") != number)
        unlisted = _words_in(mine, rules) - _words_in(others, rules)
        fewer = _without(rules, unlisted)
        answers = link_names(
            read_queries(mine, "dev.csv"), build_index(register, index.gazetteer, fewer), fewer
        )
        again = judge(mine.select(names.columns), answers)
        gone = pl.concat(
            [mine.select(was="right"), again.select("right", "outcome")], how="horizontal"
        ).filter(pl.col("was") & ~pl.col("right"))
        lost += gone.height
        to_a_person += gone.filter(outcome="review").height
    tell(f"decorated names, every word listed: recall {figures(told)[1]:.4f} of {told.height}")
    tell(
        f"without the words seen in one fifth of the cities only: {lost / told.height:.2%} lost, "
        f"{to_a_person} of these {lost} to a person"
    )


def _words_in(names: pl.DataFrame, rules: LinkingRules) -> set[str]:
    phrases = {
        phrase
        for language in rules.words.languages.values()
        for kind in KINDS
        for phrase in getattr(language, kind)
    }
    return {phrase for phrase in phrases if names["text"].str.contains(f" {phrase} ", literal=True).any()}


def _without(rules: LinkingRules, phrases: set[str]) -> LinkingRules:
    content = rules.model_dump()
    for language in content["words"]["languages"].values():
        language.update(
            {kind: tuple(phrase for phrase in language[kind] if phrase not in phrases) for kind in KINDS}
        )
    return LinkingRules.model_validate(content)


def measure_namesakes(index: RegisterIndex, labelled: set[str], rules: LinkingRules) -> None:
    """Places with the name of a row that no labelled query means, looked up with their inhabitants.

    The row's own place should be linked, another place should not.
    """
    places = index.gazetteer.places.select(
        "country_iso3",
        pl.col("name").alias("place_name"),
        inhabitants="population",
        at_lat="latitude",
        at_lng="longitude",
        key=fold_name(pl.col("name")),
    )
    rows = index.rows.filter(~pl.col("register_id").is_in(sorted(labelled))).with_columns(
        key=fold_name(pl.col("name"))
    )
    pairs = rows.join(places, on=["country_iso3", "key"], maintain_order="left_right").filter(
        pl.col("inhabitants") > 0
    )
    km = distance_km(pl.col("latitude"), pl.col("longitude"), pl.col("at_lat"), pl.col("at_lng"))
    factor = (pl.col("inhabitants").log() - pl.col("population").clip(1).log()).abs().exp()
    pairs = pairs.with_columns(km=km, factor=factor)
    others = _asked(pairs.filter((pl.col("km") > APART_KM) & (pl.col("factor") > APART_FACTOR)), index, rules)
    own = _asked(pairs.filter(pl.col("km") < SAME_KM), index, rules)
    wrong = others.filter((pl.col("outcome") == "linked") & (pl.col("got") == pl.col("register_id"))).height
    tell(
        f"namesakes of unlabelled rows, with their inhabitants: {wrong} of {others.height} linked "
        "to the row that they are not"
    )
    right = own.filter(pl.col("outcome") == "linked").height
    review = own.filter(outcome="review").height
    tell(f"the rows' own places: {right} of {own.height} linked, {review} to a person")


def _asked(pairs: pl.DataFrame, index: RegisterIndex, rules: LinkingRules) -> pl.DataFrame:
    """The answers to places as queries, with their inhabitants changed by up to a fifth."""
    draw = random.Random(SEED)  # noqa: S311  nothing secret
    people = [int(count * draw.uniform(0.8, 1.2)) for count in pairs["inhabitants"]]
    queries = pairs.select("country_iso3", name="place_name", population=pl.Series(people)).with_row_index(
        "query_id"
    )
    answers = link_names(queries, index, rules)
    return pl.concat(
        [pairs.select("register_id"), answers.select("outcome", got="register_id")], how="horizontal"
    )


if __name__ == "__main__":
    main()
