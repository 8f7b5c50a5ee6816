"""Forgetting an application: everything that is erased, in order.

Belongs here: the order, and what is told of it. Must stay out: how each part is erased.

First the erasure is noted, then what was made from the inputs goes, then the inputs and the database, then
what is left in free pages. Each step can be done again. What is found by the texts of a person goes before
those texts, so an erasure that was cut short finds the rest when it is run again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime

from flows.caches import forget_in_caches
from flows.context import AppContext
from flows.forgetting.group import Application, application_of, shown_id
from flows.forgetting.kept_reasons import erase_reasons
from flows.forgetting.prefect_home import erase_in_prefect
from flows.forgetting.rewriting import rewrite_frames, rewrite_inputs
from flows.forgetting.round_files import RoundFiles, round_files
from flows.forgetting.rows_without_id import names_in_database, unknown_row
from flows.forgetting.traces import erase_traces, still_found
from flows.run_record import hold_round
from flows.settings import prefect_home
from programme.problems import problem
from tasks.ingest.personal.masks import mask_text
from tasks.ingest.personal.people import people_of
from warehouse.erasure_journal import forgotten, journal, note_erasure

HOLDER = "an erasure"
_NOT_OURS = ("prefect/", "warehouse.db", "locks/")
"""Paths of the storage that are no files of the warehouse: databases, Prefect's home, locks."""


@dataclass(frozen=True)
class Forgotten:
    """What an erasure did.

    `submissions` were erased, `others` are forms of the same contact that were not. `rows` of the database
    were emptied now; `inputs`, `emptied` and `removed` are files. `unreadable` inputs could not be looked
    into, and `left` still hold something: a person must look at both.
    """

    submissions: tuple[str, ...]
    others: tuple[str, ...]
    rows: int
    inputs: tuple[str, ...]
    emptied: tuple[str, ...]
    removed: tuple[str, ...]
    unreadable: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(frozen=True)
class _Meant:
    """What is to be forgotten, and the files of all rounds as they are before."""

    every: list[RoundFiles]
    application: Application


def forget(context: AppContext, submission_id: str, *, reason: str, by: str, now: datetime) -> Forgotten:
    """Erase the application of a submission everywhere.

    Raises `ProblemsError` where nobody knows such a submission, or a run is at work.
    """
    return forget_together(context, [submission_id], reason=reason, by=by, now=now)


def forget_together(
    context: AppContext,
    submission_ids: Sequence[str],
    *,
    reason: str,
    by: str,
    now: datetime,
    alone: bool = False,
) -> Forgotten:
    """Erase several applications at once; raises as `forget`.

    `alone`: these forms and no other, also not one of the same mailbox for the same city.
    """
    first, *others = (shown_id(name) for name in submission_ids)
    with _holding_all(context):
        return _forget(context, _meant(context, first, others, alone=alone), reason, by, now)


def forget_again(context: AppContext, *, by: str, now: datetime) -> list[Forgotten]:
    """Erase everybody in the journal of erasures once more, after an older backup was put back."""
    with _holding_all(context):
        reason = "from the journal of erasures"
        return [
            _forget(
                context, _meant(context, entry.submission_ids[0], entry.submission_ids[1:]), reason, by, now
            )
            for entry in journal(context.storage)
        ]


@contextmanager
def _holding_all(context: AppContext) -> Iterator[None]:
    """Hold every round, so that no run reads or keeps what is erased meanwhile."""
    with ExitStack() as held:
        for round_ in context.rounds.rounds:
            held.enter_context(hold_round(context, round_.id, HOLDER))
        for round_ in context.rounds.rounds:
            context.ledger.record_round(round_.id, round_.title, round_.deadline)
        yield


def _forget(context: AppContext, meant: _Meant, reason: str, by: str, now: datetime) -> Forgotten:
    every, application = meant.every, meant.application
    storage, skipped = context.storage, (*_NOT_OURS, *_caches(context))
    note_erasure(storage, application.ids, now)
    asked = mask_text(reason, people_of(application.names, ())).text
    context.erasures.ask(application.ids, asked, by, at=now)
    traces = erase_traces(storage, application, skipped)
    in_prefect = erase_in_prefect(prefect_home(context.settings), application.texts)
    in_caches = forget_in_caches(context.settings.cache, application.texts)
    inputs: list[str] = []
    for files in every:
        inputs += rewrite_inputs(context, application, files)

    def beside(gone: Collection[str]) -> None:
        erase_reasons(storage, [one.round.id for one in every], gone)
        for files in every:
            inputs.extend(rewrite_frames(context, application, files.frames, gone))

    known_as = [name for one in application.ids for name in names_in_database(context, one)]
    rows = context.erasures.erase(known_as, application.texts, beside, at=now)
    context.erasures.compact()
    left = still_found(storage, application, skipped)
    unreadable = tuple(text for one in every for text in one.unreadable)
    if not left and not unreadable:
        context.erasures.done(application.ids, at=now)
    return Forgotten(
        application.ids,
        application.others,
        rows,
        tuple(inputs),
        tuple(traces.emptied),
        (*traces.removed, *in_prefect, *in_caches),
        unreadable,
        tuple(dict.fromkeys([*traces.left, *left])),
    )


def _meant(
    context: AppContext, submission_id: str, together: Sequence[str], *, alone: bool = False
) -> _Meant:
    """The application and the files; raises `ProblemsError` where a person named one that nobody knows."""
    every = [round_files(context, round_) for round_ in context.rounds.rounds]
    application = application_of(context, every, submission_id, together, alone=alone)
    known = any(application.forms.values()) or context.ledger.rows_of_submission(submission_id)
    if not known and not alone and submission_id not in forgotten(context.storage):
        raise unknown_row(context, submission_id) or _unknown(submission_id)
    return _Meant(every, application)


def _caches(context: AppContext) -> tuple[str, ...]:
    """The folder of caches where it lies in the storage: they are looked into by themselves."""
    folder, cache = context.settings.data_folder, context.settings.cache
    if folder is None or not cache.resolve().is_relative_to(folder.resolve()):
        return ()
    return (f"{cache.resolve().relative_to(folder.resolve()).as_posix()}/",)


def _unknown(submission_id: str) -> Exception:
    return problem(
        found=f"submission {submission_id!r}",
        expected="a submission that a run or a scan has read, or one in the round's folder",
        where="the warehouse",
        remedy="Look at its id in the form tool's export, or in city2city review ROUND. Nothing was erased.",
    )
