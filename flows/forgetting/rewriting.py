"""The inputs of a round without what is personal of the forms that are forgotten, wherever they lie.

Belongs here: putting the new bytes in the place of the old, and noting which stands for which. Must stay out:
which cells are erased (`tasks/ingest/erasing`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

import polars as pl

from flows.console import report_step
from flows.context import AppContext
from flows.forgetting.group import Application, application_of, erasure_in
from flows.forgetting.round_files import RoundFile, RoundFiles
from flows.published_versions import CARRIED_INPUT, DECISIONS_INPUT, frame_bytes, frame_from
from programme.problems import ProblemsError
from programme.rounds import Round
from tasks.ingest.erasing.placeholders import numbered_texts, person
from tasks.ingest.erasing.rows import Erasure, erased_file, opened_file
from tasks.ingest.headings.layout import FORM_TABLE
from tasks.ingest.step import SourceFile
from warehouse.dictionary import INPUT_TABLES
from warehouse.dictionary.decision_ids import ERASED
from warehouse.erasure_journal import forgotten
from warehouse.inputs.kept import FOLDER, keep_input, read_input
from warehouse.inputs.rewritten import newest, note_rewritten
from warehouse.sandbox import open_in_sandbox
from warehouse.storage import Storage


def rewrite_inputs(context: AppContext, application: Application, files: RoundFiles) -> list[str]:
    """Erase the application from every input of a round, and return where something was erased."""
    erasure = erasure_in(application, files, context)
    done = []
    for file in files.files:
        new = erased_file(file.opened, erasure, context.programme.form)
        if new is None:
            continue
        if file.path.startswith(FOLDER):
            _replace_kept(context.storage, file.path, new, application.ids)
        else:
            _replace_in_folder(context.storage, file.path, new)
        done.append(file.path)
    return done


def rewrite_frames(
    context: AppContext, application: Application, frames: dict[str, str], gone: Collection[str]
) -> list[str]:
    """Erase the application from what the program gathered itself; `gone` are decisions without a reason."""
    done = []
    for path, name in frames.items():
        data = context.storage.read(path)
        frame = frame_from(data, name)
        new = data
        if name == DECISIONS_INPUT:
            erased = pl.when(pl.col("decision_id").is_in(sorted(gone))).then(pl.lit(ERASED))
            new = frame_bytes(frame.with_columns(erased.otherwise("reason").alias("reason")))
        elif name == CARRIED_INPUT:
            new = frame_bytes(_carried_without(frame, application.ids))
        if new != data:
            _replace_kept(context.storage, path, new, application.ids)
            done.append(path)
    return done


def _carried_without(frame: pl.DataFrame, ids: Sequence[str]) -> pl.DataFrame:
    personal = [column.name for column in INPUT_TABLES[FORM_TABLE].columns if column.personal]
    lines = ("contact_name", "contact_email", "contact_role", "organisation")
    rows = [
        {
            **row,
            **numbered_texts({name: row[name] for name in personal if name not in lines}),
            **{name: person(row[name]) for name in lines},
        }
        if row["submission_id"] in ids
        else row
        for row in frame.to_dicts()
    ]
    return pl.DataFrame(rows, schema=frame.schema)


def without_forgotten(
    context: AppContext, round_: Round, sources: Sequence[SourceFile]
) -> tuple[SourceFile, ...]:
    """The files of a round without those who were forgotten, whatever was put into the folder since.

    A file that was kept before is read as it is kept now, so the same export gives the same tables. Where a
    file cannot be read, all stay as they are: reading them says why, and the round stops.
    """
    ids = forgotten(context.storage)
    if not ids:
        return tuple(sources)
    try:
        without = _without(context, round_, sources, ids)
    except ProblemsError:
        return tuple(sources)
    if changed := [one.name for one, old in zip(without, sources, strict=True) if one.content != old.content]:
        report_step(f"Read without those who were forgotten: {', '.join(changed)}")
    return without


def _without(
    context: AppContext, round_: Round, sources: Sequence[SourceFile], ids: Sequence[str]
) -> tuple[SourceFile, ...]:
    kept = tuple(_as_kept(context.storage, source) for source in sources)
    files = tuple(
        RoundFile("", opened_file(source, context.programme, round_, open_in_sandbox)) for source in kept
    )
    for one in ids:
        every = RoundFiles(round_, files, {}, ())
        application = application_of(context, [every], one)
        if not application.forms.get(one):
            continue
        erasure = erasure_in(replace(application, ids=(one,)), every, context)
        files = tuple(_erased_again(context, round_, file, erasure) for file in files)
    return tuple(file.opened.source for file in files)


def _as_kept(storage: Storage, source: SourceFile) -> SourceFile:
    sha256 = hashlib.sha256(source.content).hexdigest()
    if newest(storage, sha256) == sha256:
        return source
    return replace(source, content=read_input(storage, newest(storage, sha256)))


def _erased_again(context: AppContext, round_: Round, file: RoundFile, erasure: Erasure) -> RoundFile:
    new = erased_file(file.opened, erasure, context.programme.form)
    if new is None:
        return file
    source = replace(file.opened.source, content=new)
    return RoundFile("", opened_file(source, context.programme, round_, open_in_sandbox))


def _replace_kept(storage: Storage, path: str, new: bytes, ids: Sequence[str]) -> None:
    """Keep the new bytes, note what they stand for, and remove the old ones: in this order."""
    old = PurePosixPath(path).name
    sha256 = keep_input(storage, new)
    if sha256 != old:
        note_rewritten(storage, old, sha256, ids)
        storage.delete(path)


def _replace_in_folder(storage: Storage, path: str, new: bytes) -> None:
    """Put the rows in the place of the file; they are JSON, so the file's name says so."""
    place = PurePosixPath(path).with_suffix(".json")
    storage.write(str(place), new, private=True)
    if str(place) != path:
        storage.delete(path)
