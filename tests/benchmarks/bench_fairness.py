"""What credits over rounds do: five rounds with and without them, and the figure of docs/fairness.md.

    python -m tests.benchmarks.bench_fairness [--write] [--seeds N]

Each seed draws five rounds of a programme in which some regions and climates apply less and score lower, as
when a call is heard of late there. Each round gives out 9 twinnings and 22 places, and all that it selects is
confirmed. The deviation of a round are the units that classes of the balance are short of, over all rounds up
to it. The value is that of the twinnings of all rounds together; their worth is the value less what missed
targets cost at the usual prices, without any credit.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from programme.matchmaking import STEPS_PER_POINT, MatchmakingRules
from tasks.matchmaking.certificate.premises import premises_table
from tasks.matchmaking.choice import choose, value_of
from tasks.matchmaking.problem import Capacity, MatchingProblem
from tasks.matchmaking.value.credits import came_short, credit_rows
from tests.tasks.matchmaking.making import invented, rules
from warehouse.dictionary.other_rounds import CREDITS, EARLIER
from warehouse.dictionary.working import CANDIDATES

ROUNDS, APPLICANTS = 5, 60
SEEDS = 12
"""Programmes of five rounds that are simulated."""
CAPACITY = Capacity(9, 22)
BEHIND = ("Sub-Saharan Africa", "South Asia", "Southeast Asia", "Oceania", "East Asia", "North America")
"""Regions that apply less in this simulation, and with lower scores."""
LOWER = 22.0
"""Points that their applications score less."""
HERE = Path(__file__).parents[2]
FIGURE = "docs/images/fairness.svg"


@dataclass(frozen=True)
class Round:
    """One simulated round: units that are short up to it, and value and worth of its twinnings in points."""

    deviation: int
    value: float
    worth: float


def with_credits(base: MatchmakingRules) -> MatchmakingRules:
    """The rules with credits switched on."""
    return base.model_copy(update={"fairness": base.fairness.model_copy(update={"enabled": True})})


def five_rounds(seed: int, matching: MatchmakingRules) -> list[Round]:
    """Five rounds, one after the other."""
    held, given, found = EARLIER.empty(), CREDITS.empty(), list[Round]()
    for number in range(ROUNDS):
        problem = replace(round_problem(seed, number, matching), elsewhere=held, credits=given)
        choice = choose(problem)
        facts = premises_table(choice)
        short = list(came_short(facts, choice.twinnings, choice.members))
        value = value_of(choice.chosen, choice.facts) / STEPS_PER_POINT
        missed = choice.balance.select("subject", "missed").iter_rows()
        cost = sum(matching.balance[subject].price * units for subject, units in missed)
        found.append(Round(sum(missing for *_, missing in short), value, value - cost))
        source = {"round": f"round {number}", "version": 1, "content": "0" * 64}
        given = credit_rows(iter(short), matching.fairness, source)
        now = confirmed(choice.members, problem, choice.twinnings, number)
        held = EARLIER.conform(pl.concat([held, now]))
    return found


def round_problem(seed: int, number: int, matching: MatchmakingRules) -> MatchingProblem:
    """The applications of one round: fewer from the regions behind, and with lower scores."""
    draw = np.random.default_rng(1_000 * seed + number)
    more = invented(3 * APPLICANTS, 1_000 * seed + number, capacity=CAPACITY, matching=matching)
    stays = pl.Series(draw.random(more.candidates.height)) < pl.when(pl.col("region").is_in(BEHIND)).then(
        0.5
    ).otherwise(1.0)
    lower = pl.when(pl.col("region").is_in(BEHIND)).then(LOWER).otherwise(0.0)
    some = more.candidates.filter(stays).head(APPLICANTS)
    named = {name: pl.lit(f"{number}-") + pl.col(name) for name in ("application_id", "city_id", "city_name")}
    rows = some.with_columns(total=(pl.col("total") - lower).clip(0, 110), **named)
    return replace(
        more,
        candidates=CANDIDATES.conform(rows),
        preferences=more.preferences.clear(),
        cooperations=more.cooperations.clear(),
    )


def confirmed(
    members: pl.DataFrame, problem: MatchingProblem, twinnings: pl.DataFrame, number: int
) -> pl.DataFrame:
    """The cities that a round selected, as the next one holds them."""
    about = problem.candidates.select(
        "application_id", "city_name", "country_iso3", "region", "latitude", "longitude", "population"
    )
    rows = members.join(about, on="application_id").join(
        twinnings.select("twinning_id", "topic"), on="twinning_id"
    )
    rows = rows.with_columns(round=pl.lit(f"round {number}"))
    return EARLIER.frame(rows.select(name for name in EARLIER.names if name in rows.columns).to_dicts())


def compared(seeds: range) -> tuple[list[list[Round]], list[list[Round]]]:
    """The rounds of each seed without and with credits."""
    base = rules()
    return (
        [five_rounds(seed, base) for seed in seeds],
        [five_rounds(seed, with_credits(base)) for seed in seeds],
    )


def shares(off: list[list[Round]], on: list[list[Round]]) -> dict[str, float]:
    """Which share less credits make of the deviation, the value and the worth of all rounds together."""
    return {name: 1 - total(on, name) / total(off, name) for name in ("deviation", "value", "worth")}


def total(runs: list[list[Round]], name: str) -> float:
    """A figure of all rounds together."""
    return float(sum(getattr(one, name) for run in runs for one in run))


def by_round(runs: list[list[Round]]) -> list[float]:
    """The mean deviation of each round."""
    return [sum(run[k].deviation for run in runs) / len(runs) for k in range(ROUNDS)]


def table(off: list[list[Round]], on: list[list[Round]]) -> str:
    """The figures as a table in Markdown."""
    rows = ["| round | units short without credits | with credits |", "|---|---|---|"]
    rows += [
        f"| {k + 1} | {one:.2f} | {other:.2f} |"
        for k, (one, other) in enumerate(zip(by_round(off), by_round(on), strict=True))
    ]
    return "\n".join(rows)


def figure(off: list[list[Round]], on: list[list[Round]]) -> str:
    """The same as a small chart in SVG: one line each."""
    width, height, left, top, floor = 520, 230, 40, 24, 190
    highest = max(1.0, *by_round(off), *by_round(on))

    def at(k: int, value: float) -> tuple[float, float]:
        return left + 30 + k * 100, floor - (floor - top) * value / highest

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'font-family="sans-serif" font-size="12">',
        "<title>Units short of the targets in five rounds, without and with credits</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<path d="M{left} {floor}H{width - 20}" stroke="#555"/>',
    ]
    parts += [
        f'<text x="{at(k, 0)[0]}" y="{floor + 18}" text-anchor="middle">round {k + 1}</text>'
        for k in range(ROUNDS)
    ]
    lines = (
        ("without credits", off, "#b03a2e", "", -8),
        ("with credits", on, "#1f618d", ' stroke-dasharray="6 3"', 16),
    )
    for name, runs, colour, dash, above in lines:
        points = [at(k, value) for k, value in enumerate(by_round(runs))]
        path = " ".join(f"{x:.0f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        for (x, y), value in zip(points, by_round(runs), strict=True):
            place = f'x="{x:.0f}" y="{y + above:.1f}" text-anchor="middle"'
            parts.append(f'<text {place} fill="{colour}">{value:.1f}</text>')
        x, y = points[-1]
        parts.append(
            f'<circle cx="{x:.0f}" cy="{y:.1f}" r="3" fill="{colour}"><title>{name}</title></circle>'
        )
    parts.append(f'<text x="{left}" y="14" fill="#b03a2e">without credits</text>')
    parts.append(f'<text x="{left + 110}" y="14" fill="#1f618d">with credits (dashed)</text>')
    return "\n".join([*parts, "</svg>", ""])


def main() -> None:
    """Print the figures; with `--write`, draw them too."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    off, on = compared(range(options.seeds))
    less = ", ".join(f"{share:.1%} less {name}" for name, share in shares(off, on).items())
    sys.stdout.write(f"{table(off, on)}\n\n{less}\n")
    if options.write:
        (HERE / FIGURE).write_text(figure(off, on), "utf-8")


if __name__ == "__main__":
    main()
