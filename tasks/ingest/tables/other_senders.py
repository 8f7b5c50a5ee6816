"""Rows of one id that different people sent: each sender's row is kept.

A form tool lets its respondent edit an answer, so that one id may come twice; the latest row then stands.
Belongs here: telling an edit from a form that somebody else sent under the id, and giving the latter an id of
its own. Must stay out: rows of one id that are different cities (`row_identity.py`), and which of the forms
of a city stands (`tasks/eligibility/form_states.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import polars as pl

from programme.programme import Programme
from tasks.ingest.cells.comparison import comparison_key
from tasks.ingest.tables.senders import Sender, may_replace, same_sender, sender_of
from warehouse.dictionary.findings import Finding

_ID = "submission_id"
_ID_DIGITS = 6
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
_OF_SENDER = ("contact_email", "organisation", "applicant_type", "mandate")


def apart_by_sender(typed: pl.DataFrame, programme: Programme) -> tuple[pl.DataFrame, list[Finding]]:
    """The rows with ids by which those of different senders can be told apart, and a finding for each id.

    `typed`: usable rows of dictionary SUBMISSIONS, those of one id all of one city. The sender of the oldest
    row keeps the id; another one gets the id with some digits that are the same in every export.
    """
    names = ["row", _ID, "submitted_at", "city_name", "country_iso3", *_OF_SENDER]
    twice = typed.filter(pl.col(_ID).is_duplicated()).select(names)
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in twice.sort("row").iter_rows(named=True):
        groups.setdefault(row[_ID], []).append(row)
    new: dict[int, str] = {}
    findings = []
    for key, rows in groups.items():
        by_sender = _by_sender(sorted(rows, key=_age), programme)
        if len(by_sender) == 1:
            continue
        given = dict(zip(_ids(key, by_sender[1:]), by_sender[1:], strict=True))
        new |= {row["row"]: own for own, of_sender in given.items() for row in of_sender}
        findings.append(_finding(key, rows, list(given)))
    if new:
        own = pl.col("row").replace_strict(list(new), list(new.values()), default=pl.col(_ID))
        typed = typed.with_columns(own.alias(_ID))
    return typed, findings


def _age(row: dict[str, Any]) -> tuple[datetime, int]:
    return row["submitted_at"] or _BEFORE_ALL, row["row"]


def _by_sender(rows: list[dict[str, Any]], programme: Programme) -> list[list[dict[str, Any]]]:
    """The rows of one id by sender, the oldest first; a row joins the sender whose row it may replace."""
    found: list[tuple[list[Sender], list[dict[str, Any]]]] = []
    for row in rows:
        sender = sender_of(row, programme.senders, programme.eligibility.local_government_types)
        own = next((one for one in found if _is_edit(one[0], sender)), None)
        if own is None:
            found.append(([sender], [row]))
        else:
            own[0].append(sender)
            own[1].append(row)
    return [of_sender for _, of_sender in found]


def _is_edit(earlier: list[Sender], sender: Sender) -> bool:
    """Whether a row is a later state of the answer of a sender.

    A row that says the same of its sender, nothing included, is the same answer again.
    """
    return earlier[-1] == sender or any(
        same_sender(one, sender) and may_replace(one, sender) for one in earlier
    )


def _ids(key: str, senders: list[list[dict[str, Any]]]) -> Iterator[str]:
    """An id for each sender, by when and for which city the first of its rows was sent."""
    taken: set[str] = set()
    for first, *_ in senders:
        said = (
            str(first["submitted_at"]),
            comparison_key(first["city_name"] or ""),
            first["country_iso3"] or "",
        )
        digest = hashlib.sha256("\x1f".join(said).encode()).hexdigest()
        own = f"{key}-{digest[:_ID_DIGITS]}"
        while own in taken:
            own += "-2"
        taken.add(own)
        yield own


def _finding(key: str, rows: list[dict[str, Any]], given: list[str]) -> Finding:
    shown = ", ".join(str(row["row"]) for row in rows[:5]) + (", ..." if len(rows) > 5 else "")
    return Finding(
        "submissions",
        "one_sender_an_id",
        f"Rows {shown} have one id and were sent by {len(given) + 1} different senders; expected one. No row "
        f"takes another's place: the oldest sender keeps the id, the others are kept as {', '.join(given)}. "
        "Look who sent them, and withdraw the form that is not the city's.",
        row_key=key,
        column="submission_id",
    )
