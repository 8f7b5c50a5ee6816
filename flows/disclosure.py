"""All that is kept of an application, readable, for a person who asks what is known of them.

Belongs here: gathering it and the page. Must stay out: who may ask, and erasing. The page holds personal
data: it goes to a private file, and never to a log or an artifact. It names nobody of the office and no
evaluator, because these are other people's data.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl

from flows.context import AppContext
from flows.forgetting.round_files import RoundFile, round_files
from flows.forgetting.rows_without_id import names_in_database, rows_without_id, unknown_row
from flows.mailing.letterbox import Letterbox
from programme.problems import problem
from programme.retention import read_retention
from programme.rounds import Round
from tasks.ingest.cells.comparison import comparison_key
from tasks.ingest.erasing.rows import Erasure
from tasks.ingest.headings.layout import FORM_TABLE
from warehouse.dictionary import INPUT_TABLES, PUBLISHED_TABLES
from warehouse.dictionary.row_names import read_row_name, row_name
from warehouse.escapes import markdown
from warehouse.inputs.rewritten import oldest
from warehouse.kept_parts import parts_of_submission
from warehouse.snapshots import DamagedVersionError, list_versions, read_package, read_table

_OF_OTHERS = ("decided_by", "evaluator_id")
_SHOWN = ("kind", "subject", "object", "value", "reason", "decided_at")


def applications_meant(context: AppContext, typed: str) -> tuple[str, ...]:
    """The submissions of an id or of a city's name, in every round.

    Raises `ProblemsError` where there is none.
    """
    text, found = typed.strip(), dict[str, None]()
    if context.ledger.rows_of_submission(text):
        return (text,)
    if ambiguous := unknown_row(context, text):
        raise ambiguous
    for round_ in context.rounds.rounds:
        for version in reversed(list_versions(context.storage, round_.id)):
            try:
                table = read_table(context.storage, round_.id, version, "applications")
            except DamagedVersionError:
                continue
            for name, city, city_id in table.select("application_id", "city_name", "city_id").iter_rows():
                if text == city_id or comparison_key(text) == comparison_key(city or ""):
                    found[name] = None
        names = context.ledger.submission_names(round_.id).items()
        found |= {name: None for name, city in names if city and comparison_key(city) == comparison_key(text)}
        found |= dict.fromkeys(_without_id(context, round_, text))
    if not found:
        raise problem(
            found=f"{typed!r}",
            expected="the id of a submission, or the name or id of a city",
            where="the warehouse",
            remedy="Look at its id in the form tool's export, or in city2city review ROUND.",
        )
    return tuple(found)


def _without_id(context: AppContext, round_: Round, city: str) -> Iterator[str]:
    """The names of the forms without an id that give this city."""
    for row in rows_without_id(context, round_.id):
        if comparison_key(str((row["payload"] or {}).get("city_name") or "")) == comparison_key(city):
            yield row["name"]


def disclosure(context: AppContext, submission_ids: Iterable[str]) -> str:
    """The page, as Markdown."""
    names = list(submission_ids)
    parts = [f"# What is kept of {', '.join(map(markdown, names))}", *_purposes(context)]
    for name in names:
        parts += [f"# Submission {markdown(name)}"]
        for known_as in names_in_database(context, name):
            parts += _of_database(context, known_as)
        for round_ in context.rounds.rounds:
            parts += _of_round(context, round_, name)
        parts += _places(context, name)
    return "\n\n".join(parts) + "\n"


def _purposes(context: AppContext) -> Iterator[str]:
    yield "## Why it is kept, and how long"
    yield _table(
        ["what", "why", "how long"],
        [
            [one.what, one.why, f"{one.days} days after {one.after.replace('_', ' ')}"]
            for one in read_retention(context.settings.programme).kinds
        ],
    )


def _of_database(context: AppContext, submission_id: str) -> Iterator[str]:
    rows = context.ledger.rows_of_submission(submission_id)
    meanings = {column.name: column.meaning for column in INPUT_TABLES["submissions"].columns}
    for row in (*rows.get("submission", ()), *rows.get("set_aside_row", ())):
        yield f"## The form of round {row['round']}, row {row['row']} of its file"
        if row.get("reason"):
            yield f"It could not be used: {markdown(row['reason'])}"
        if row["payload"] is None:
            yield (
                f"Its content was erased on {row['erased_at']:%Y-%m-%d}."
                if row["erased_at"]
                else "It is empty."
            )
            continue
        filled = [(name, value) for name, value in row["payload"].items() if value not in (None, "", [])]
        yield _table(
            ["answer", "what it is", "what is kept"], [[n, meanings.get(n, ""), v] for n, v in filled]
        )
    for table, title, columns in (
        ("contact_change", "Contacts that changed", ("name", "address", "recorded_at", "erased_at")),
        ("decision", "Decisions", _SHOWN),
        ("open_point", "What early scans found", ("rule", "message", "first_seen", "drafted_at")),
        ("letter", "Letters", ("kind", "version", "state", "state_at", "message_id")),
        ("erasure", "Erasures", ("reason", "asked_at", "done_at")),
    ):
        if rows.get(table):
            yield f"## {title}"
            yield _table(columns, [[row[name] for name in columns] for row in rows[table]])


def _of_round(context: AppContext, round_: Round, submission_id: str) -> Iterator[str]:
    for version in list_versions(context.storage, round_.id):
        shown = _shown_in(context, round_, version, submission_id)
        if shown is None:
            continue
        for name in PUBLISHED_TABLES:
            try:
                frame = read_table(context.storage, round_.id, version, name)
            except DamagedVersionError as error:
                yield f"## Version {version} of round {round_.id}: {name}"
                yield " ".join(f"It cannot be read: {markdown(one.found)}." for one in error.problems)
                continue
            if "application_id" in frame.columns:
                yield from _rows(
                    f"Version {version} of round {round_.id}: {name}",
                    frame.filter(pl.col("application_id") == shown).to_dicts(),
                )
    for letter, message in Letterbox(context, round_).kept_messages(submission_id).items():
        yield f"## The letter {markdown(letter)}"
        yield "\n".join(f"    {line}" for line in message.decode("ascii", "replace").splitlines())
    about = Erasure((submission_id,))
    for file in round_files(context, round_).files:
        yield from _of_file(file, about)


def _shown_in(context: AppContext, round_: Round, version: int, submission_id: str) -> str | None:
    """How a version names a form: one without an id by its row, if the version is made from its export."""
    if (named := read_row_name(submission_id)) is None:
        return submission_id
    try:
        sha256 = read_package(context.storage, round_.id, version)["inputs"].get("submissions", "")
    except DamagedVersionError:
        return named.row_key  # it is told table by table that it cannot be read
    same = named == row_name(round_.id, named.row, oldest(context.storage, sha256))
    return named.row_key if same else None


def _of_file(file: RoundFile, about: Erasure) -> Iterator[str]:
    opened = file.opened
    if "submission_id" not in opened.raw.columns and opened.source.table != FORM_TABLE:
        return
    rows = []
    for at, row in enumerate(opened.raw.iter_rows(named=True)):
        if about.has(opened.name_of(row)):
            cells = opened.grid.cells.row(opened.layout.first_answer + at)
            unknown = {opened.layout.headings[place]: cells[place] for place in opened.layout.unknown}
            rows.append({name: v for name, v in row.items() if name not in _OF_OTHERS} | unknown)
    yield from _rows(f"In the input {file.path}, as it was written", rows)


def _places(context: AppContext, submission_id: str) -> Iterator[str]:
    """Every place that holds something of the submission: files that are not shown whole among them."""
    found = parts_of_submission(context.storage, context.ledger, submission_id)
    if found:
        yield "## Where all of it lies"
        yield _table(
            ["where", "what", "rows"], [[one.where, one.path, ", ".join(map(str, one.rows))] for one in found]
        )


def _rows(title: str, rows: list[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield f"## {title}"
        yield _table(["column", "value"], [[name, value] for name, value in row.items() if value is not None])


def _table(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    head = list(columns)
    lines = [head, ["---"] * len(head), *([_cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: Any) -> str:
    if isinstance(value, Mapping | list):
        value = json.dumps(value, ensure_ascii=False, default=str)
    return "" if value is None else markdown(str(value))
