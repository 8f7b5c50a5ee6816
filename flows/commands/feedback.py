"""`city2city feedback`: what cities said of their twinnings, and which aspects went with good ones."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from flows.commands.options import AsJson, InputsFolder, ShowAll
from flows.console import print_json, print_table, print_text
from flows.context import open_context
from flows.feedback import feedback_of, none_came, rounds_of
from tasks.feedback.correlation import needed
from tasks.feedback.learned import answers_that_count, aspects_table, groups_table


def feedback(
    named: Annotated[
        list[str], typer.Argument(metavar="YEAR|ROUND...", help="Years, or ids of rounds, such as 2025-07.")
    ],
    inputs: InputsFolder = None,
    show_all: ShowAll = False,
    as_json: AsJson = False,
) -> None:
    """Show which aspects went with good twinnings.

    From the files feedback.* of the rounds. Groups of fewer than three cities are not shown, and no city's
    answer is. Nothing is stored, and no version changes.
    """
    context = open_context()
    rounds = rounds_of(context, named)
    read = [one for round_ in rounds if (one := feedback_of(context, round_, inputs)) is not None]
    if not read:
        raise none_came([one.id for one in rounds])
    answers = [one.answers for one in read]
    every = answers_that_count(answers, len(context.programme.starter.sessions))
    groups, aspects = groups_table(every), aspects_table(answers, every)
    came = [
        {"round": one.round_id, "version": one.version, "rows": one.rows, "set_aside": one.set_aside}
        for one in read
    ]
    findings = [
        {"round": one.round_id, **row}
        for one in read
        for row in one.findings.select("row_key", "column", "message").to_dicts()
    ]
    if as_json:
        parts = {"came_in": came, "groups": groups, "aspects": aspects.to_dicts(), "findings": findings}
        print_json(parts | {"twinnings_needed": needed()})
        return
    print_table(came, title="What came in")
    if findings:
        print_table(findings, title="What a person should look at", show_all=show_all)
    _print_learned(groups, aspects.to_dicts())


def _print_learned(groups: list[dict[str, Any]], aspects: list[dict[str, Any]]) -> None:
    if groups:
        print_table(groups, title="What the cities said (0-5; the last column 0-1)", show_all=True)
    else:
        print_text("Fewer than three cities answered, so nothing of what they said is shown.")
    rows = [
        {name: round(value, 2) if isinstance(value, float) else value for name, value in row.items()}
        for row in aspects
    ]
    print_table(rows, title="Which aspects went with good twinnings", show_all=True)
