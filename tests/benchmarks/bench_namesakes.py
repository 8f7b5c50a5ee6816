"""How names of each kind that a linker is easily wrong about are answered, made from the gazetteer itself.

Run: `make bench-namesakes`. The kinds and what is wanted of each are in `tests/tasks/crosscheck/siblings`.
They are asked against a register drawn from the gazetteer and, where `../shared/data/city-names` is at hand,
against its realistic register too. A kind that is short of what is wanted is marked.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import polars as pl

from flows.caches import load_gazetteer
from programme.linking import LinkingRules
from programme.programme import read_programme
from tasks.crosscheck.linkage.index import build_index
from tasks.crosscheck.linkage.lists import read_register
from tests.benchmarks.bench_crosscheck import DATA, tell
from tests.tasks.crosscheck.siblings.drawing import Drawn, draw_register, true_places
from tests.tasks.crosscheck.siblings.kinds import count_kinds

ROWS, MOST, SEED = 6_000, 400, 1
"""Rows of the register that is drawn, and most queries of each kind."""


def main() -> None:
    """Measure and print."""
    cache = Path(os.environ.get("CITY2CITY_CACHE") or Path(tempfile.gettempdir()) / "city2city-bench")
    rules, gazetteer = read_programme().linking, load_gazetteer(cache)
    tell(f"a register of {ROWS} rows drawn from the gazetteer")
    measure(draw_register(gazetteer, ROWS, SEED), rules)
    if (DATA / "reference.csv").is_file():
        register = read_register(pl.read_csv(DATA / "reference.csv", infer_schema=False), "reference.csv")
        tell(f"the realistic register of {register.height} rows")
        measure(true_places(register, gazetteer, SEED), rules)


def measure(drawn: Drawn, rules: LinkingRules) -> None:
    """Print one line for each kind."""
    index = build_index(drawn.register, drawn.gazetteer, rules)
    for name, (kind, count) in count_kinds(drawn, index, rules, MOST).items():
        mark = "SHORT" if count.short_of(kind) else "     "
        tell(
            f"{mark} {name}: {count.asked} asked; right {count.right:.1%} (at least {kind.right:.0%}), "
            f"linked otherwise {count.wrong:.1%} (at most {kind.wrong:.0%}), "
            f"to a person {count.to_a_person:.1%} (at least {kind.to_a_person:.0%})"
        )


if __name__ == "__main__":
    main()
