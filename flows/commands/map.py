"""`city2city map`: how the columns of an unknown form are read: proposals, questions, and a profile."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.commands.options import AsJson
from flows.console import print_json, print_table, print_text
from flows.context import AppContext, open_context
from flows.input_check import read_file
from flows.settings import is_terminal
from programme.form import FormColumn
from programme.problems import UnreadableError, problem
from programme.programme import PROFILES
from tasks.ingest.cells.comparison import comparison_key
from tasks.ingest.files.read_grid import read_grid
from tasks.ingest.headings.layout import FORM_TABLE, find_layout, judge_fit
from tasks.ingest.headings.settle_encoding import settle_encoding
from tasks.ingest.mapping import KNOWN, Proposal, missing_after, profile_text, propose
from warehouse.sandbox import open_in_sandbox

NONE = "-"
"""The answer that a heading means no column of ours."""


def map_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An export of the form.")],
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="Name of the profile.", show_default="the file's name")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.toml",
            help="Where to write the profile. Without a terminal, nothing is written unless this is given.",
            show_default="the folder profiles beside the rules",
        ),
    ] = None,
    round_id: Annotated[
        str | None,
        typer.Option("--round", help="The round whose dates count.", show_default="the last one"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Propose how the columns of an unknown form are read.

    Says for every heading which column it means, why, and what its cells look like. On a terminal it asks
    about those that are open, and writes a profile that `run` then uses.
    """
    context = open_context()
    proposals = _proposals(context, file, round_id)
    asks = is_terminal() and not as_json
    if asks:
        _print(proposals)
        proposals = _answered(proposals, context.programme.form.submissions)
    elif as_json:
        print_json([_row(one) for one in proposals])
    else:
        _print(proposals)
    if asks or out:
        _write(context, file, name, out, proposals, quiet=as_json)


def _proposals(context: AppContext, file: Path, round_id: str | None) -> list[Proposal]:
    form = context.programme.form
    round_ = context.round(round_id) if round_id else context.rounds.rounds[-1]
    try:
        judge, limits = judge_fit(FORM_TABLE, form), context.programme.expectations.files
        grid = read_grid(read_file(file), file.name, judge, open_binary=open_in_sandbox, limits=limits)
    except UnreadableError as error:
        raise problem(
            found=error.found, expected=error.expected, where=str(file), remedy=error.remedy
        ) from error
    if grid.cells.is_empty():
        raise problem(
            found="an empty table", expected="a row of headings", where=str(file), remedy="Export it again."
        )
    grid = settle_encoding(grid, find_layout(grid.first_rows, FORM_TABLE, form), form, FORM_TABLE)
    return propose(grid, find_layout(grid.first_rows, FORM_TABLE, form), context.programme, round_)


def _row(one: Proposal) -> dict[str, Any]:
    return {
        "heading": one.heading[:80],
        "cells": one.cells,
        "column": one.column,
        "sure": "known" if one.points == KNOWN else "open" if one.is_open else "likely" if one.column else "",
        "reason": one.reason,
    }


def _print(proposals: list[Proposal]) -> None:
    print_table([_row(one) for one in proposals], title="What each heading means", show_all=True)


def _answered(proposals: list[Proposal], columns: dict[str, FormColumn]) -> list[Proposal]:
    """The proposals with a person's answers to the open ones, and to headings that mean nothing yet."""
    print_text(f"Press Enter to agree, type the name of another column, or {NONE} for none.")
    answered: list[Proposal] = []
    for one in proposals:
        is_unknown = one.column is None and one.points < KNOWN
        if not one.is_open and not (is_unknown and missing_after(proposals, columns)):
            answered.append(one)
            continue
        said = _ask(one, columns)
        answered.append(replace(one, column=said, points=KNOWN - 1, reason="a person said so"))
    taken = [one.column for one in answered if one.column and one.points < KNOWN]
    if doubled := sorted({column for column in taken if taken.count(column) > 1}):
        raise problem(
            found=f"two headings for {', '.join(doubled)}",
            expected="one heading for each column",
            where="your answers",
            remedy=f"Start again, and answer {NONE} for the one that does not count.",
        )
    return answered


def _ask(one: Proposal, columns: dict[str, FormColumn]) -> str | None:
    question = f"{one.heading[:80]!r} ({one.cells})"
    while True:
        said = str(typer.prompt(question, default=one.column or NONE)).strip()
        if said == NONE:
            return None
        if said in columns:
            return said
        print_text(f"There is no column {said!r}; the columns are: {', '.join(columns)}")


def _write(
    context: AppContext,
    file: Path,
    name: str | None,
    out: Path | None,
    proposals: list[Proposal],
    *,
    quiet: bool,
) -> None:
    form = context.programme.form
    if lacking := missing_after(proposals, form.submissions):
        raise problem(
            found=f"no heading for {', '.join(lacking)}",
            expected="a heading for every required column",
            where=str(file),
            remedy="Export these questions too, or say on a terminal which heading means them.",
        )
    title = name or file.stem
    default = (
        context.settings.programme / PROFILES / f"{comparison_key(title).replace(' ', '-') or 'form'}.toml"
    )
    path = out or default
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(profile_text(title, proposals), "utf-8")
    except OSError as error:
        raise problem(
            found=error.strerror or str(error),
            expected="a place where the profile can be written",
            where=str(path),
            remedy="Name one with --out, or point CITY2CITY_PROGRAMME at a folder of rules of your own.",
        ) from error
    if not quiet:
        print_text(f"The profile is in {path}.")
        if path.parent != default.parent:
            print_text(f"Put it into {default.parent}, so that `city2city run` uses it.")
