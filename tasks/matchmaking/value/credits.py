"""Credits: what a class of the balance that came short in one round has in the next one.

A class came short if a version has fewer of it than the balance wants at least. Its credit is points on each
unit that it misses again, beside the price of its subject. So the objective, and the certificate of it, stay
exact: a credit is another price.

Belongs here: which classes came short, by a version's published tables, and their credits. Must stay out:
which version that is (`flows/fair_credits.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import polars as pl

from programme.matchmaking import FairnessRules, steps
from programme.vocabulary import BALANCE_SUBJECTS, BalanceSubject
from warehouse.dictionary.other_rounds import CREDITS


def credits_in_steps(given: pl.DataFrame) -> dict[tuple[str, str], int]:
    """(subject, class) to steps on each unit; `given` are dictionary CREDITS."""
    known = given.drop_nulls("class").select("subject", "class", "points")
    return {(subject, name): steps(points) for subject, name, points in known.iter_rows()}


def came_short(
    matching_facts: pl.DataFrame, twinnings: pl.DataFrame, members: pl.DataFrame
) -> Iterator[tuple[BalanceSubject, str, int]]:
    """Subject, class and missing units of each class that a version has too few of, by its tables.

    `least` and `held` of the facts are over all rounds; what the version proposes comes to that.
    """
    of_classes = matching_facts.filter(subject="class")
    least, held = (
        dict(of_classes.filter(what=what).select("object", "value").iter_rows()) for what in ("least", "held")
    )
    proposed = twinnings.filter(state="proposed")
    placed = members.join(proposed.select("twinning_id"), on="twinning_id", how="semi")["application_id"]
    classes = matching_facts.filter(pl.col("what") == "class").filter(
        pl.col("subject").is_in(placed.implode())
    )
    counted = Counter([*classes["object"], *(f"topic {topic}" for topic in proposed["topic"])])
    for name in sorted(least):
        subject, _, of = name.partition(" ")
        missing = least[name] - held.get(name, 0) - counted[name]
        if missing > 0 and subject in BALANCE_SUBJECTS:
            yield subject, of, missing


def credit_rows(
    short: Iterator[tuple[BalanceSubject, str, int]], rules: FairnessRules, source: dict[str, object]
) -> pl.DataFrame:
    """Dictionary CREDITS of classes that came short; `source` names the round, version and content."""
    rows = [
        source | {"subject": subject, "class": name, "short": missing, "points": points}
        for subject, name, missing in short
        if (points := rules.credit(subject, missing)) > 0
    ]
    return CREDITS.frame(rows)
