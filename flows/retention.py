"""What is kept longer than the programme says, and erasing it.

Belongs here: which forms and files are due, from the versions and the rounds, and applying it. Forms without
an id are in no version by name; the database is asked for them. Must stay out: the periods
(`programme/retention.toml`) and how an application is erased (`flows/forgetting`). It does not load
SQLAlchemy, because `city2city status` asks what is due.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from flows.context import AppContext
from programme.counts import counted
from programme.retention import KeptKind, RetentionKind, read_retention
from programme.rounds import Round
from warehouse.database.unnamed_rows import unnamed_rows
from warehouse.dictionary.row_names import row_name, row_number
from warehouse.erasure_journal import forgotten
from warehouse.inputs.rewritten import oldest
from warehouse.snapshots import newest_whole, read_table

FORMS: tuple[RetentionKind, ...] = ("unused", "not_selected", "selected")
_FOLDERS: dict[RetentionKind, tuple[str, str]] = {
    "letters": ("restricted/letters", ""),
    "workbooks": ("restricted/evaluation", ".xlsx"),
}
_BESIDE = re.compile(r"(.*) \(row \d+\)", re.DOTALL)
"""The name of a row that was set aside beside another one of its id."""


@dataclass(frozen=True)
class Due:
    """What is due of a round: a kind, the day until which it was kept, its submissions or files."""

    round_id: str
    kind: RetentionKind
    until: date
    submissions: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    def __str__(self) -> str:
        count = (
            f"{counted(len(self.submissions), 'application')}"
            if self.submissions
            else f"{counted(len(self.files), 'file')}"
        )
        return (
            f"Round {self.round_id}: kept too long, {count} of the kind {self.kind}, to be kept until "
            f"{self.until} (programme/retention.toml). The deployment apply-retention erases what is due"
        )


def what_is_due(context: AppContext, now: datetime) -> list[Due]:
    """Everything that is kept longer than its period, by round and kind."""
    retention = read_retention(context.settings.programme)
    every = {round_.id: _forms(context, round_) for round_ in context.rounds.rounds}
    for round_ in context.rounds.rounds:
        if _is_over(retention.of("unused"), round_, now):
            every[round_.id] |= _without_id(context, round_)
    gone, late = set(forgotten(context.storage)), dict[str, bool]()
    for round_ in context.rounds.rounds:
        for name, form_kind in every[round_.id].items():
            # A form that was carried over to another round is kept as long as either round asks.
            late[name] = late.get(name, True) and _is_over(retention.of(form_kind), round_, now)
    found = []
    for round_ in context.rounds.rounds:
        for kind in retention.kinds:
            if not _is_over(kind, round_, now):
                continue
            names = tuple(
                sorted(
                    name
                    for name, of in every[round_.id].items()
                    if of == kind.kind and name not in gone and late[name]
                )
            )
            files = tuple(_files(context, round_, kind.kind))
            if names or files:
                found.append(Due(round_.id, kind.kind, kind.until(round_), names, files))
    return found


def apply_due(context: AppContext, *, by: str, now: datetime) -> list[Due]:
    """Erase what is due, and return it."""
    from flows.forgetting.forget import forget_together  # noqa: PLC0415  (see above)

    due = what_is_due(context, now)
    for one in due:
        for path in one.files:
            context.storage.delete(path)
        if one.submissions:
            reason = f"retention: {one.kind}"
            # A form of another kind of the same mailbox is kept until its own day.
            forget_together(context, one.submissions, reason=reason, by=by, now=now, alone=True)
    return due


def _is_over(kind: KeptKind, round_: Round, now: datetime) -> bool:
    return now.astimezone(round_.zone).date() > kind.until(round_)


def _forms(context: AppContext, round_: Round) -> dict[str, RetentionKind]:
    """Each form of a round's newest whole version with an id, and its kind.

    A line for a row that was set aside beside another of its id goes with that one.
    """
    version = newest_whole(context.storage, round_.id)
    if version is None:
        return {}
    tables = {
        name: read_table(context.storage, round_.id, version, name)
        for name in ("applications", "twinning_members")
    }
    placed = set(tables["twinning_members"]["application_id"])
    forms = dict(tables["applications"].select("application_id", "state").iter_rows())
    return {
        name: "selected" if name in placed else "not_selected" if state == "accepted" else "unused"
        for name, state in forms.items()
        if state != "set_aside" or not (row_number(name) or _is_beside(name, forms))
    }


def _is_beside(name: str, forms: Collection[str]) -> bool:
    """Whether a line is for a row that was set aside beside another one of its id."""
    found = _BESIDE.fullmatch(name)
    return found is not None and found[1] in forms


def _without_id(context: AppContext, round_: Round) -> dict[str, RetentionKind]:
    """The names of the forms without an id, in every export of a round: also of one that made no version."""
    rows = unnamed_rows(context.settings.database_url, round_.id)
    first = {sha256: oldest(context.storage, sha256) for sha256, _ in rows}
    return {str(row_name(round_.id, row, first[sha256])): "unused" for sha256, row in rows}


def _files(context: AppContext, round_: Round, kind: RetentionKind) -> Iterator[str]:
    if kind in _FOLDERS:
        folder, ending = _FOLDERS[kind]
        found = context.storage.list(f"{folder}/{round_.id}")
        yield from (item.path for item in found if item.path.endswith(ending))
