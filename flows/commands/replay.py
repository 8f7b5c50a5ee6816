"""`city2city replay`: whether a version can be made again from what was kept."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from flows.commands.options import AsJson, RoundId
from flows.console import print_error, print_json, print_text
from flows.context import AppContext, open_context
from flows.parts.replays import replay_in_parts
from flows.parts.settings import part_settings
from flows.replay import ReplayReport
from flows.replay import replay as replay_version
from flows.settings import quiet_libraries
from programme.counts import counted
from programme.problems import Problem, ProblemsError, problem
from warehouse.snapshots import list_versions
from warehouse.snapshots.verify import verify_version

MOST_NAMED = 6
"""Values of the rules that are named; --json has all."""


def replay(
    round_id: RoundId,
    versions: Annotated[
        list[int] | None,
        typer.Argument(metavar="VERSION", help="The version to make again; several may be named."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Make every version again.")] = False,
    todays_rules: Annotated[
        bool, typer.Option("--todays-rules", help="Use the rules of today, and not those of the version.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Recompute a version and say whether it is identical.

    It is made from its kept inputs, by the rules that it was made by, with the program of today. With
    --todays-rules it is made by the rules of today. The values of the rules that changed are named. Several
    versions are shared out where CITY2CITY_TASK_RUNNER says so. The exit status is 1 where one differs, and
    2 where one cannot be made again.
    """
    context = open_context()
    context.round(round_id)
    quiet_libraries(context.settings)
    asked = list_versions(context.storage, round_id) if every else list(dict.fromkeys(versions or ()))
    if not asked:
        raise problem(
            found="no version",
            expected=f"the number of a version of round {round_id}",
            where="the command",
            remedy=f"See which there are: city2city inputs {round_id}. Or give --all.",
        )
    answers = _answers(context, round_id, asked, todays_rules=todays_rules)
    reports = {one: answer for one, answer in answers.items() if isinstance(answer, ReplayReport)}
    _print(context, round_id, reports, as_json=as_json, several=bool(asked[1:]) or every)
    lacking = [one for answer in answers.values() if not isinstance(answer, ReplayReport) for one in answer]
    if lacking:
        raise ProblemsError(dict.fromkeys(lacking))
    if any(report.differing or report.release is not None for report in reports.values()):
        raise typer.Exit(1)


def _print(
    context: AppContext, round_id: str, reports: dict[int, ReplayReport], *, as_json: bool, several: bool
) -> None:
    """What making each of these versions again showed."""
    if as_json and reports:
        found = [
            _as_row(context, round_id, one, report) | ({"version": one} if several else {})
            for one, report in reports.items()
        ]
        print_json(found if several else found[0])
    elif not as_json:
        for one, report in reports.items():
            _tell(context, round_id, one, report)


def _answers(
    context: AppContext, round_id: str, versions: list[int], *, todays_rules: bool
) -> dict[int, ReplayReport | tuple[Problem, ...]]:
    """What making each version again showed, or what is lacking for it."""
    settings = part_settings()
    if settings.dask and len(versions) > 1:
        return replay_in_parts(context, settings, round_id, versions, todays_rules=todays_rules)
    return {version: _answer(context, round_id, version, todays_rules=todays_rules) for version in versions}


def _answer(
    context: AppContext, round_id: str, version: int, *, todays_rules: bool
) -> ReplayReport | tuple[Problem, ...]:
    try:
        return replay_version(context, round_id, version, todays_rules=todays_rules)
    except ProblemsError as error:
        return error.problems


def _as_row(context: AppContext, round_id: str, version: int, report: ReplayReport) -> dict[str, Any]:
    if report.release is not None:
        problems = verify_version(context.storage, round_id, version)
        return asdict(report) | {"identical": False, "problems": problems}
    return asdict(report) | {"identical": not report.differing and not report.unchecked}


def _tell(context: AppContext, round_id: str, version: int, report: ReplayReport) -> None:
    name = f"Round {round_id}, version {version}"
    if report.release is not None:
        _tell_release(context, name, round_id, version, report.release)
        return
    if report.absent:
        print_text(
            f"{name}: made by an older program, without {', '.join(report.absent)}. That is not compared."
        )
    if report.erased:
        rows = ", ".join(f"{count} of {table}" for table, count in report.unchecked.items())
        rest = f"Rows that cannot be checked: {rows}." if rows else "No row of theirs differs."
        print_text(f"{name}: erased since: {', '.join(report.erased)}. {rest}")
    if not report.rules_kept:
        print_text(f"{name}: its rules were not kept. The rules of today were used.")
    _tell_result(name, report)


def _tell_result(name: str, report: ReplayReport) -> None:
    """Say whether what was compared is identical, under which rules."""
    under = _under(report)
    if report.unchecked and not report.differing:
        print_text(f"{name}: every other row is identical{under}.")
    elif not report.differing:
        print_text(f"{name}: identical{under}.")
    else:
        since = f"; changed since: {', '.join(changed)}" if (changed := _changed(report)) else ""
        print_error(f"{name}: differs in {', '.join(report.differing)}{under}{since}.")
    if report.rules_changed:
        print_text(f"{name}: today's rules are others: {_named(report.rules_changed)}.")


def _under(report: ReplayReport) -> str:
    """Which rules it was made again by, where there is a choice."""
    if report.todays_rules and report.rules_differ:
        return ", under the rules of today"
    return ", under its own rules" if report.rules_changed and not report.todays_rules else ""


def _changed(report: ReplayReport) -> list[str]:
    rules = "the rules" if report.todays_rules else "what this program reads in its rules"
    return [*([rules] if report.rules_differ else []), *(["the program"] if report.program_differs else [])]


def _named(changed: tuple[str, ...]) -> str:
    more = len(changed) - MOST_NAMED
    return "; ".join(changed[:MOST_NAMED]) + (f"; and {counted(more, 'other value')}" if more > 0 else "")


def _tell_release(context: AppContext, name: str, round_id: str, version: int, release: str) -> None:
    """Say of a version of a release what holds, and what cannot be compared."""
    print_text(
        f"{name}: made by program {release}; this program computes in another way and publishes other "
        "tables. Not recomputed: every table."
    )
    if problems := verify_version(context.storage, round_id, version):
        print_error(f"{name}: {'; '.join(problems)}")
    else:
        print_text(f"{name}: verified: its bytes, its seals and its content are as they were published.")
