"""What is kept longer than the programme says, and erasing it.

Belongs here: which forms and files are due, from the versions and the rounds alone, and applying it. Must
stay out: the periods (`programme/retention.toml`) and how an application is erased (`flows/forgetting`). It
loads no database, because `city2city status` asks what is due.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from flows.context import AppContext
from programme.counts import counted
from programme.retention import KeptKind, RetentionKind, read_retention
from programme.rounds import Round
from warehouse.erasure_journal import forgotten
from warehouse.snapshots import newest_whole, read_table

FORMS: tuple[RetentionKind, ...] = ("unused", "not_selected", "selected")
_FOLDERS: dict[RetentionKind, tuple[str, str]] = {
    "letters": ("restricted/letters", ""),
    "workbooks": ("restricted/evaluation", ".xlsx"),
}
_WITHOUT_ID = "row-"


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
            forget_together(context, one.submissions, reason=f"retention: {one.kind}", by=by, now=now)
    return due


def _is_over(kind: KeptKind, round_: Round, now: datetime) -> bool:
    return now.astimezone(round_.zone).date() > kind.until(round_)


def _forms(context: AppContext, round_: Round) -> dict[str, RetentionKind]:
    """Each form of a round's newest whole version, and its kind; a row without an id of its own has none."""
    version = newest_whole(context.storage, round_.id)
    if version is None:
        return {}
    tables = {
        name: read_table(context.storage, round_.id, version, name)
        for name in ("applications", "twinning_members")
    }
    placed = set(tables["twinning_members"]["application_id"])
    return {
        name: "selected" if name in placed else "not_selected" if state == "accepted" else "unused"
        for name, state in tables["applications"].select("application_id", "state").iter_rows()
        if not name.startswith(_WITHOUT_ID)
    }


def _files(context: AppContext, round_: Round, kind: RetentionKind) -> Iterator[str]:
    if kind in _FOLDERS:
        folder, ending = _FOLDERS[kind]
        found = context.storage.list(f"{folder}/{round_.id}")
        yield from (item.path for item in found if item.path.endswith(ending))
