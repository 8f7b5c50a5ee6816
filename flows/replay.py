"""Recomputing a published version from what was kept, without Prefect and without writing anything.

Belongs here: bringing kept inputs back, and comparing what they make today with what was published. Must stay
out: the steps (`procedure.py`) and the writing (`publishing.py`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import polars as pl

from flows.attribution import RememberingRunner, changes_since
from flows.context import AppContext
from flows.errors import StoppedError
from flows.kept_inputs import kept_round_inputs
from flows.linking_resources import linking_resources
from flows.pinning import under_its_rules, with_rules_of
from flows.procedure import assess, match_cities, processed_again, score_applications
from flows.published_versions import PublishedVersion, origin_of, read_parent, read_version
from flows.round_inputs import RoundInputs
from flows.round_results import RoundResult
from flows.runner import Runner, run_plain
from programme.problems import ProblemsError, problem
from programme.programme import results_rest_on
from tasks.publish.changes import Origin, changes
from tasks.publish.rule_changes import rule_changes
from warehouse.dictionary.published import CERTIFICATE
from warehouse.dictionary.row_names import read_row_name
from warehouse.inputs.rewritten import erased_from
from warehouse.kept_rules import read_rules_files, rules_are_there
from warehouse.snapshots.older import lacked_by, released_by, without_lacked
from warehouse.snapshots.parquet import conform_tables, content_hash


@dataclass(frozen=True)
class ReplayReport:
    """What recomputing a version showed: the tables that differ from the published ones (none: identical).

    `erased` are the submissions that were forgotten since. Their rows may differ, because some of what they
    rest on is gone: `unchecked` counts those that do, by table. `differing` is about all other rows.
    `release` is the program that made it in a form of its own, which this one cannot make; nothing is
    compared then. `absent` is what the version lacks because an older program made it; it is not compared.
    `todays_rules` says that it was made by the rules of today: they were asked for, or its own are not kept
    (`rules_kept`). `rules_changed` are the values of today's rules that are others than its own.
    `rules_differ` and `program_differs` say why a difference may be expected: the rules that it was made
    again by mean something else than those it was made by, or another program made it.
    """

    differing: tuple[str, ...]
    rules_differ: bool
    program_differs: bool
    absent: tuple[str, ...] = ()
    erased: tuple[str, ...] = ()
    unchecked: Mapping[str, int] = field(default_factory=dict)
    release: str | None = None
    todays_rules: bool = False
    rules_kept: bool = True
    rules_changed: tuple[str, ...] = ()


def replay(context: AppContext, round_id: str, version: int, *, todays_rules: bool = False) -> ReplayReport:
    """Recompute a version from its kept inputs, with the program of today, and compare.

    It is made by the rules that it was made by, or by those of today where these are asked for. Where its own
    were never kept, those of today are taken. Tables are compared by their values. Raises `ProblemsError`
    naming every input that is no longer kept (erased on request, or lost), and each file and key of its rules
    that this program cannot read.
    """
    published = read_version(context, round_id, version)
    if (release := released_by(published.package)) is not None:
        return ReplayReport((), rules_differ=True, program_differs=True, release=release)
    origin = origin_of(context, published)
    parent = read_parent(context, round_id, published)
    own = None if todays_rules else under_its_rules(context, origin.rules)
    under = own or context
    try:
        tables, origin_today = made_again(under, round_id, origin, parent, published)
    except StoppedError as error:
        raise _stops(error, f"round {round_id}, version {version}", own_rules=own is not None) from error
    absent, erased = lacked_by(published.package), erased_of(context, published)
    one, other = (
        {name: without_lacked(name, frame, absent) for name, frame in every.items()}
        for every in (published.tables, tables)
    )
    differing = differing_tables(one, other)
    unchecked = {name: unchecked_rows(one[name], other[name], erased) for name in differing}
    kept, changed = _rules_of_today(context, origin.rules)
    return ReplayReport(
        differing=tuple(name for name in differing if unchecked[name] is None),
        erased=erased,
        unchecked={name: count for name, count in unchecked.items() if count is not None},
        rules_differ=origin.rules != origin_today.rules,
        program_differs=origin.program != origin_today.program,
        absent=absent,
        todays_rules=own is None,
        rules_kept=kept,
        rules_changed=changed,
    )


def _stops(error: StoppedError, where: str, *, own_rules: bool) -> ProblemsError:
    """The error for a version that cannot be made again, because its round stops on the way."""
    of = "its own rules" if own_rules else "the rules of today"
    return problem(
        found=f"that the round stops under {of}: {'; '.join(error.reasons())}",
        expected="a round that is processed to its end, as it was when the version was made",
        where=where,
        remedy="Nothing was changed. The program that its datapackage.json names can make it."
        if own_rules
        else "Nothing was changed. No version comes of these inputs by the rules of today.",
    )


def _rules_of_today(context: AppContext, fingerprint: str) -> tuple[bool, tuple[str, ...]]:
    """Whether the rules of a version are known, and which values of today's that results rest on are others.

    Nothing is told of rules of today that are at fault: who uses them is told then.
    """
    try:
        if context.programme.fingerprint == fingerprint:
            return True, ()
        before, today = read_rules_files(context.storage, fingerprint), context.rules_files
    except ProblemsError:
        return rules_are_there(context.storage, fingerprint), ()
    if before is None:
        return rules_are_there(context.storage, fingerprint), ()
    changed = (one for one in rule_changes(before, today) if results_rest_on(one.file, one.key))
    return True, tuple(f"{one.file}, {one.key}" for one in changed)


def made_again(
    context: AppContext,
    round_id: str,
    origin: Origin,
    parent: PublishedVersion | None,
    published: PublishedVersion | None,
) -> tuple[dict[str, pl.DataFrame], Origin]:
    """The tables that the program of today makes from an origin, and the origin as it names it.

    The rules are those of the context (`flows/pinning.py` finds those of the origin). `published` is the
    version that is made again, where its findings can be read: its matching stops where it stopped then.
    Raises `ProblemsError` naming every input that is no longer kept.
    """
    round_inputs = kept_round_inputs(context, origin, round_id)
    run = RememberingRunner(run_plain)
    result = recompute(context, round_inputs, parent, run, published)
    origin_today = round_inputs.origin(result.assessed.in_force)
    again = processed_again(context, parent, run)
    moved = changes_since(context, parent, result.tables, round_inputs, origin_today, again)
    return conform_tables({**result.tables, "changes": moved}), origin_today


def changes_between(
    context: AppContext, round_id: str, older: PublishedVersion, newer: PublishedVersion
) -> pl.DataFrame:
    """What changed between two published versions (dictionary table CHANGES), each change with its cause.

    A version that follows the other has told it itself. For others the newer one is made again without each
    possible cause, by the rules it was made by. Where its inputs or its rules are no longer kept or cannot be
    read, what was traced is told: other rules would name causes that it never had.
    """
    if newer.package["parent"] == older.version:
        return newer.tables["changes"]
    origin = origin_of(context, newer)
    try:
        under = with_rules_of(context, origin.rules)
        round_inputs = kept_round_inputs(under, origin, round_id)
    except ProblemsError:
        return changes(older.tables, newer.tables, origin_of(context, older), origin)
    again = processed_again(under, older, RememberingRunner(run_plain))
    return changes_since(under, older, newer.tables, round_inputs, origin, again)


def recompute(
    context: AppContext,
    round_inputs: RoundInputs,
    previous: PublishedVersion | None,
    run: Runner = run_plain,
    repeated: PublishedVersion | None = None,
) -> RoundResult:
    """Every step of the procedure but the publishing; raises as the procedure does."""
    assessed = assess(round_inputs=round_inputs, resources=linking_resources(context), run=run)
    scored = score_applications(round_inputs=round_inputs, assessed=assessed, run=run)
    return match_cities(
        round_inputs=round_inputs,
        assessed=assessed,
        scored=scored,
        previous=previous,
        repeated=repeated,
        run=run,
    )


def erased_of(context: AppContext, published: PublishedVersion) -> tuple[str, ...]:
    """The submissions that were erased since from the inputs of a version."""
    named = published.package["inputs"].values()
    found = (name for sha256 in named for name in erased_from(context.storage, sha256))
    return tuple(dict.fromkeys(found))


def unchecked_rows(one: pl.DataFrame, other: pl.DataFrame, erased: Collection[str]) -> int | None:
    """How many rows of two tables cannot be compared, because they name a submission that was erased.

    None where other rows differ too.
    """
    names = [column for column, kind in one.schema.items() if kind == pl.String]
    if not erased or not names or one.schema != other.schema:
        return None
    # The tables name a form without an id by its row alone.
    shown = [named.row_key if (named := read_row_name(name)) else name for name in erased]
    mark = "|".join(re.escape(name) for name in shown)
    about = pl.any_horizontal(
        pl.col(names).str.contains(rf"(?:^|[^\w-])(?:{mark})(?:[^\w-]|$)").fill_null(value=False)
    )
    if content_hash(one.filter(~about)) != content_hash(other.filter(~about)):
        return None
    return max(one.filter(about).height, other.filter(about).height)


def differing_tables(one: Mapping[str, pl.DataFrame], other: Mapping[str, pl.DataFrame]) -> tuple[str, ...]:
    """Names of the tables whose content differs, sorted.

    A certificate is checked (`city2city verify`) and not compared: one selection has many proofs, and another
    processor may round to another one.
    """
    compared = one.keys() - {CERTIFICATE.name}
    return tuple(sorted(name for name in compared if content_hash(one[name]) != content_hash(other[name])))
