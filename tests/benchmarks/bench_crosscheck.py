"""How well and how fast names are linked, measured on a realistic list.

The list is in `../shared/data/city-names` and is not part of the product.
Run: `python tests/benchmarks/bench_crosscheck.py`; each figure is printed beside its target. The threshold is
chosen by cross-validation: the names of a fifth of the cities are judged by the threshold that is best on the
other four fifths.
"""

from __future__ import annotations

import hashlib
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

os.environ["POLARS_MAX_THREADS"] = "1"

import polars as pl

from flows.caches import load_gazetteer, load_index
from programme.linking import LinkingRules
from programme.programme import read_programme
from tasks.crosscheck.linkage.index import RegisterIndex, build_index
from tasks.crosscheck.linkage.linker import link_names
from tasks.crosscheck.linkage.lists import read_queries, read_register

DATA = Path(__file__).parents[3] / "shared" / "data" / "city-names"
THRESHOLDS = (76.0, 78.0, 80.0, 82.0, 84.0, 86.0)
FOLDS = 5
SEEN_STRATUM = "exonym"
"""This stratum was made from the very names of Unicode CLDR that `tasks/crosscheck/names/exonyms.py` reads.

It says that they are read, not how well unseen names are linked.
"""
WRONG_COST = 10
"""A wrong link weighs as much as so many missed ones.

It lets a city in or keeps one out; a missed one costs the office some minutes.
"""
AIM_PRECISION, AIM_RECALL, AIM_REVIEW = 0.9995, 0.99, 0.01
AIM_SPEED, AIM_MB, AIM_INDEX_S, AIM_RATIO = 10_000, 400, 5.0, 12.0
AIM_STRATA = {
    "decoration": 0.99,
    "case_diacritics": 0.999,
    "spelling": 0.95,
    "nonlatin": 0.96,
    "exonym": 0.85,
    "encoding": 0.9,
}
AIM_FALSE = {"neg_near": 0.01, "neg_homonym_same_country": 0.01, "neg_homonym_other_country": 0.01}


def main() -> None:
    """Measure and print. Without the data, print that they are missing."""
    if not (DATA / "dev.csv").is_file():
        tell("skipped: ../shared/data/city-names is not here")
        return
    cache = Path(os.environ.get("CITY2CITY_CACHE") or Path(tempfile.gettempdir()) / "city2city-bench")
    rules = read_programme().linking
    names = pl.read_csv(DATA / "dev.csv", infer_schema=False)
    queries = read_queries(names, "dev.csv")
    index = measure_index(cache, rules)
    measure_speed(queries, index, rules)
    measure_accuracy(names, queries, index, rules)


def measure_index(cache: Path, rules: LinkingRules) -> RegisterIndex:
    """Seconds to load the gazetteer, to build the index, and to load an index that is kept."""
    register = read_register(pl.read_csv(DATA / "reference.csv", infer_schema=False), "reference.csv")
    started = time.perf_counter()
    gazetteer = load_gazetteer(cache)
    loaded = time.perf_counter()
    build_index(register, gazetteer, rules)
    built = time.perf_counter()
    load_index(register, gazetteer, rules, cache)
    before = time.perf_counter()
    index = load_index(register, gazetteer, rules, cache)
    tell(f"gazetteer loaded (or, the first time, made) in {loaded - started:.2f} s")
    tell(
        f"index of {register.height} rows built in {built - loaded:.2f} s (target {AIM_INDEX_S:.0f}), "
        f"loaded in {time.perf_counter() - before:.2f} s"
    )
    return index


def measure_speed(queries: pl.DataFrame, index: RegisterIndex, rules: LinkingRules) -> None:
    """Queries a second on one core, and how the time grows with their number.

    The best of three counts, and the processor's own time is told too: other work may share the machine.
    """
    times = {}
    for size, repeats in ((10_000, 3), (100_000, 1)):
        many = pl.concat([queries] * (size // queries.height + 1))[:size]
        times[size] = min(timed(many, index, rules) for _ in range(repeats))
        wall, processor = times[size]
        tell(
            f"{size} queries: {size / wall:,.0f}/s by the clock, "
            f"{size / processor:,.0f}/s of processor time (target {AIM_SPEED:,})"
        )
    tell(
        f"100,000 take {times[100_000][1] / times[10_000][1]:.1f} times the time of 10,000 "
        f"(target at most {AIM_RATIO:.0f})"
    )
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    tell(
        f"memory at the peak, of this process or one it started: {peak / 1024:.0f} MB "
        f"(target at most {AIM_MB})"
    )


def timed(queries: pl.DataFrame, index: RegisterIndex, rules: LinkingRules) -> tuple[float, float]:
    """Seconds by the clock, and seconds of the processor."""
    wall, processor = time.perf_counter(), time.process_time()
    link_names(queries, index, rules)
    return time.perf_counter() - wall, time.process_time() - processor


def measure_accuracy(
    names: pl.DataFrame, queries: pl.DataFrame, index: RegisterIndex, rules: LinkingRules
) -> None:
    """Precision, recall and the share for a person: as shipped, cross-validated, and for each stratum."""
    judged = {
        t: judge(names, link_names(queries, index, rules.model_copy(update={"link_points": t})))
        for t in sorted({*THRESHOLDS, rules.link_points})
    }
    tell_accuracy(f"as shipped (link_points = {rules.link_points:g})", judged[rules.link_points])
    apart = judged[rules.link_points].filter(pl.col("stratum") != SEEN_STRATUM)
    tell_accuracy(f"the same without the stratum {SEEN_STRATUM}, whose names the gazetteer was given", apart)
    chosen, parts = [], []
    for fold in range(FOLDS):
        best = max(judged, key=lambda t: preference(judged[t].filter(pl.col("fold") != fold)))
        chosen.append(best)
        parts.append(judged[best].filter(pl.col("fold") == fold))
    tell_accuracy(
        f"cross-validated by city (link_points {', '.join(f'{t:g}' for t in chosen)})", pl.concat(parts)
    )
    tell_strata(pl.concat(parts))


def judge(names: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    """Each query with whether it was linked rightly (`right`) or wrongly (`wrong`), and its city's `fold`."""
    gold = pl.concat_list(pl.col("gold_id"), pl.col("gold_alt_ids").str.split(";"))
    both = pl.concat([names, answers.select("outcome", "register_id")], how="horizontal")
    linked = pl.col("outcome") == "linked"
    right = linked & pl.when(pl.col("gold_alt_ids").is_null()).then(
        pl.col("gold_id") == pl.col("register_id")
    ).otherwise(gold.list.contains(pl.col("register_id"))).fill_null(value=False)
    folds = [
        int(hashlib.sha256((gold_id or name).encode()).hexdigest(), 16) % FOLDS
        for gold_id, name in names.select("gold_id", "name").iter_rows()
    ]
    return both.with_columns(right=right, wrong=linked & ~right, fold=pl.Series(folds))


def figures(judged: pl.DataFrame) -> tuple[float, float, float]:
    """Precision, recall, and the share of the queries that go to a person."""
    right, wrong, meant = judged["right"].sum(), judged["wrong"].sum(), judged["gold_id"].is_not_null().sum()
    return right / max(1, right + wrong), right / max(1, meant), (judged["outcome"] == "review").mean() or 0.0
    # type: ignore[return-value]


def preference(judged: pl.DataFrame) -> tuple[bool, float]:
    """The order of thresholds: those that reach the precision first, then by the least loss."""
    precision, recall, review = figures(judged)
    return precision >= AIM_PRECISION and review <= AIM_REVIEW, recall - WRONG_COST * (1 - precision)


def tell_accuracy(title: str, judged: pl.DataFrame) -> None:
    """Print the three figures in one line."""
    precision, recall, review = figures(judged)
    tell(
        f"{title}: precision {precision:.5f} (target {AIM_PRECISION}), recall {recall:.4f} ({AIM_RECALL}), "
        f"to a person {review:.2%} ({AIM_REVIEW:.0%})"
    )


def tell_strata(judged: pl.DataFrame) -> None:
    """Print one line for each stratum: recall where the names mean rows, false links where they mean none."""
    for (stratum,), rows in judged.sort("stratum").group_by("stratum", maintain_order=True):
        name = str(stratum)
        if rows["gold_id"].is_not_null().any():
            aim = f" (target {AIM_STRATA[name]})" if name in AIM_STRATA else ""
            tell(
                f"  {name}: recall {figures(rows)[1]:.4f}{aim}, {rows['wrong'].sum()} false of {rows.height}"
            )
        else:
            aim = f" (target at most {AIM_FALSE[name]:.0%})" if name in AIM_FALSE else ""
            wrong = rows["wrong"]
            tell(f"  {name}: false links {wrong.mean():.2%}{aim}, {wrong.sum()} of {rows.height}")


def tell(text: str) -> None:
    """Print one line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
