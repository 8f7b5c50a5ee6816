"""The rules that changed between two versions, and what each file of them moved.

Belongs here: making the newer version again with one file of its rules as it was in the older one. Must stay
out: comparing the values of rules (`tasks/publish/rule_changes.py`) and showing it (`commands/diff.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from flows.attribution import RememberingRunner
from flows.console import report_step, silently
from flows.context import AppContext
from flows.errors import StoppedError
from flows.kept_inputs import kept_round_inputs
from flows.pinning import with_rules_files
from flows.procedure import processed_again
from flows.published_versions import PublishedVersion, origin_of, read_parent
from flows.runner import run_plain
from programme.counts import listed
from programme.problems import ProblemsError
from tasks.publish.facts import facts
from tasks.publish.rule_changes import RuleChange, rule_changes
from warehouse.kept_rules import read_rules_files

Row = dict[str, Any]


@dataclass(frozen=True)
class RulesMoved:
    """The rules that changed, and by file what they moved: rows of subject, what, before and after.

    `why_not` says for what nobody can tell; it is empty where everything is told.
    """

    changes: tuple[RuleChange, ...] = ()
    moved: Mapping[str, list[Row]] = field(default_factory=dict)
    why_not: str = ""


def rules_moved(
    context: AppContext, round_id: str, older: PublishedVersion, newer: PublishedVersion
) -> RulesMoved:
    """Compare the kept rules of two versions, and make the newer one again without each changed file.

    Nothing is written. Of a round that stops without the change nobody can tell what it moved.
    """
    if older.package["rules"] == newer.package["rules"]:
        return RulesMoved()
    kept = [read_rules_files(context.storage, one.package["rules"]) for one in (older, newer)]
    before, after = kept
    if before is None or after is None:
        lacking = [one.version for one, files in zip((older, newer), kept, strict=True) if files is None]
        named = listed(f"version {number}" for number in lacking)
        return RulesMoved(
            why_not=f"The rules changed; those of {named} are not kept, so nobody can tell which."
        )
    changes = tuple(rule_changes(before, after))
    moved, untold = {}, []
    report_step("Finding what the changed rules moved")
    for file in dict.fromkeys(one.file for one in changes):
        put_back = {
            name: text for name, text in {**after, file: before.get(file)}.items() if text is not None
        }
        try:
            with silently():
                made = _made_with(context, round_id, newer, put_back)
            moved[file] = _differing(made, newer.tables)
        except (ProblemsError, StoppedError):
            untold.append(file)
    why = f"The round cannot be made without the change of {', '.join(untold)}." if untold else ""
    return RulesMoved(changes, moved, why)


def _without(files: Mapping[str, str], left_out: str) -> dict[str, str]:
    return {name: text for name, text in files.items() if name != left_out}


def _made_with(
    context: AppContext, round_id: str, version: PublishedVersion, files: Mapping[str, str]
) -> Mapping[str, pl.DataFrame]:
    """The tables of a version under other rules, as this program makes them."""
    under = with_rules_files(context, files)
    round_inputs = kept_round_inputs(under, origin_of(context, version), round_id)
    return processed_again(under, read_parent(context, round_id, version), RememberingRunner(run_plain))(
        round_inputs
    )


def _differing(without: Mapping[str, pl.DataFrame], made: Mapping[str, pl.DataFrame]) -> list[Row]:
    """The facts that would be others."""
    fact = ["subject", "what"]
    joined = facts(without).join(facts(made), on=fact, how="full", coalesce=True, suffix="_after")
    changed = joined.filter(pl.col("value").ne_missing(pl.col("value_after"))).sort(fact)
    return changed.select(*fact, before="value", after="value_after").rows(named=True)
