"""Which forms are one application, and by which texts the traces of its persons are found.

Belongs here: both, from the files and the database. Must stay out: erasing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.context import AppContext
from flows.forgetting.round_files import RoundFile, RoundFiles
from flows.forgetting.rows_without_id import names_in_database
from flows.forgetting.texts import readable
from tasks.ingest.cells.comparison import comparison_key
from tasks.ingest.erasing.rows import Erasure
from tasks.ingest.headings.layout import FORM_TABLE
from tasks.ingest.personal.masks import mask_id
from tasks.ingest.personal.people import People, people_of
from warehouse.dictionary import INPUT_TABLES
from warehouse.dictionary.decision_ids import ERASED
from warehouse.dictionary.row_names import read_row_name

_PERSONAL = tuple(column.name for column in INPUT_TABLES[FORM_TABLE].columns if column.personal)
_SHORTEST, _SHORTEST_LINE = 6, 16
_PLACEHOLDER = re.compile(
    rf"(?:{re.escape(ERASED)}.*|(?:erased\d+[- ]?)+|erased-[0-9a-f]+@.*|-[- ]*)", re.DOTALL
)
Form = Mapping[str, str | None]


@dataclass(frozen=True)
class Application:
    """The forms that are forgotten together, the one that was named first.

    `forms` are their answers as written; `texts` are texts that nobody else wrote, in small letters. `names`
    are those of its contacts. `others`: forms of the same contact for another city, which stay.
    """

    ids: tuple[str, ...]
    forms: Mapping[str, tuple[Form, ...]] = field(default_factory=dict, repr=False)
    texts: frozenset[str] = field(default=frozenset(), repr=False)
    names: frozenset[str] = field(default=frozenset(), repr=False)
    others: tuple[str, ...] = ()


def shown_id(submission_id: str) -> str:
    """The id as tables and files of the program have it; the name of a row is as it is."""
    if read_row_name(submission_id.strip()):
        return submission_id.strip()
    return mask_id(submission_id.strip(), People()).text


def application_of(
    context: AppContext,
    every: Iterable[RoundFiles],
    submission_id: str,
    together: Iterable[str] = (),
    *,
    alone: bool = False,
) -> Application:
    """The application of a submission, by what is left of it; `together` are forms known to belong to it.

    `alone`: no other form is, also not one of the same mailbox for the same city.
    """
    files = [file for one in every for file in one.files]
    forms = _forms(files)
    same = () if alone else _same_application(forms, submission_id)
    ids = (submission_id, *sorted({*together, *same} - {submission_id}))
    ours = {name: tuple(forms.get(name, ())) for name in ids}
    others = {name: rows for name, rows in forms.items() if name not in ids}
    written = [*_texts_of(ours), *_texts_of_database(context, ids), *_texts_about(files, ids)]
    known = _known(context, files, ids)
    mailboxes = {_folded(row.get("contact_email")) for rows in ours.values() for row in rows} - {""}
    return Application(
        ids,
        ours,
        frozenset(text for text in _traceable(written) if not any(text in one for one in known)),
        frozenset(_names(context, ours, ids)),
        tuple(sorted(name for name, rows in others.items() if _mailboxes(rows) & mailboxes)),
    )


def erasure_in(application: Application, files: RoundFiles, context: AppContext) -> Erasure:
    """What is to be forgotten in the files of one round."""
    forms = {name: rows for name, rows in _forms(files.files).items() if name not in application.ids}
    domains = {_domain(row.get("contact_email")) for rows in forms.values() for row in rows}
    for file in files.files:
        if file.opened.source.table == "evaluators" and "email" in file.opened.raw.columns:
            domains |= {_domain(text) for text in file.opened.raw["email"]}
    organisations = {_folded(row.get("organisation")) for rows in forms.values() for row in rows}
    decided = {
        tuple(str(row[name] or "") for name in ("kind", "subject", "object", "value"))
        for one in application.ids
        for row in context.ledger.rows_of_submission(one).get("decision", ())
    }
    registers = [
        str(name)
        for file in files.files
        if file.opened.source.table in ("cohort", "gcom") and "name" in file.opened.raw.columns
        for name in file.opened.raw["name"]
    ]
    return Erasure(
        application.ids,
        people_of(application.names, registers),
        frozenset(domains - {""}),
        frozenset(organisations - {""}),
        frozenset(decided),
        {name: rows[0] for name, rows in application.forms.items() if rows},
    )


def _forms(files: Iterable[RoundFile]) -> dict[str, list[Form]]:
    """Id to the rows of that id, as written; an id that is masked in the tables stands masked.

    A form without an id stands under the name of its row.
    """
    forms: dict[str, list[Form]] = {}
    for file in files:
        if file.opened.source.table == FORM_TABLE:
            for row in file.opened.raw.iter_rows(named=True):
                forms.setdefault(shown_id(file.opened.name_of(row)), []).append(row)
    return forms


def _same_application(forms: Mapping[str, list[Form]], submission_id: str) -> Iterator[str]:
    """Other forms of the same mailbox for the same city."""
    ours = {key for row in forms.get(submission_id, ()) if (key := _city_and_mailbox(row))}
    for name, rows in forms.items():
        if name != submission_id and ours & {_city_and_mailbox(row) for row in rows}:
            yield name


def _city_and_mailbox(row: Form) -> tuple[str, ...] | None:
    mailbox = _folded(row.get("contact_email"))
    place = tuple(comparison_key(row.get(name) or "") for name in ("city_name", "country"))
    return (mailbox, *place) if "@" in mailbox and not _PLACEHOLDER.fullmatch(mailbox) else None


def _mailboxes(rows: Iterable[Form]) -> set[str]:
    return {_folded(row.get("contact_email")) for row in rows}


def _texts_of(ours: Mapping[str, Iterable[Form]]) -> Iterator[str]:
    return (str(row.get(name) or "") for rows in ours.values() for row in rows for name in _PERSONAL)


def _texts_of_database(context: AppContext, ids: Iterable[str]) -> Iterator[str]:
    for one in (name for each in ids for name in names_in_database(context, each)):
        found = context.ledger.rows_of_submission(one)
        for row in (*found.get("submission", ()), *found.get("set_aside_row", ())):
            payload: Mapping[str, Any] = row["payload"] or {}
            yield from (str(payload.get(name) or "") for name in _PERSONAL)
        for row in found.get("contact_change", ()):
            yield from (row["name"] or "", row["address"] or "")


def _texts_about(files: Iterable[RoundFile], ids: tuple[str, ...]) -> Iterator[str]:
    """What evaluators and corrections say of the forms, and cells of columns that nobody knows."""
    about = Erasure(ids)
    for file in files:
        raw, layout = file.opened.raw, file.opened.layout
        if "submission_id" not in raw.columns and file.opened.source.table != FORM_TABLE:
            continue
        unknown = [*layout.unknown, *(place for place, _ in layout.duplicates), *layout.of_tool]
        for at, row in enumerate(raw.iter_rows(named=True)):
            if not about.has(file.opened.name_of(row)):
                continue
            yield str(row.get("comment") or "")
            if (row.get("column") or "").strip() in _PERSONAL:
                yield from (str(row.get(name) or "") for name in ("expected", "value"))
            cells = file.opened.grid.cells.row(layout.first_answer + at)
            yield from (str(cells[place] or "") for place in unknown)


def _traceable(written: Iterable[str]) -> Iterator[str]:
    """Texts long enough to be looked for, in small letters: whole ones, and lines of longer ones."""
    for text in dict.fromkeys(written):
        whole = _folded(text)
        if len(whole) < _SHORTEST or _PLACEHOLDER.fullmatch(whole) or not re.search(r"[^\W\d_]{3}", whole):
            continue
        yield whole
        yield from (line for part in text.splitlines() if len(line := _folded(part)) >= _SHORTEST_LINE)


def _known(context: AppContext, files: Iterable[RoundFile], ids: tuple[str, ...]) -> set[str]:
    """What others wrote too, and what is published: a text in it is no trace of one person."""
    about, cells = Erasure(ids), set[str]()
    for file in files:
        ours = ("comment", *_PERSONAL, "expected", "value", "reason")
        named = [name for name in ("submission_id", "subject", "object") if name in file.opened.raw.columns]
        for row in file.opened.raw.iter_rows(named=True):
            is_ours = any(about.has(row[name]) for name in named) or about.has(file.opened.name_of(row))
            cells |= {_folded(str(cell)) for name, cell in row.items() if not (is_ours and name in ours)}
    for item in context.storage.list("snapshots"):
        if item.path.endswith(".parquet"):
            cells |= set(readable(context.storage.read(item.path)))
    return cells


def _names(context: AppContext, ours: Mapping[str, Iterable[Form]], ids: Iterable[str]) -> Iterator[str]:
    for rows in ours.values():
        yield from (str(row["contact_name"]) for row in rows if row.get("contact_name"))
    for one in ids:
        for row in context.ledger.rows_of_submission(one).get("contact_change", ()):
            if row["name"]:
                yield row["name"]


def _domain(text: str | None) -> str:
    """The domain of an address, or a domain alone."""
    return _folded(text).strip("<>").rpartition("@")[2]


def _folded(text: str | None) -> str:
    return " ".join((text or "").casefold().split())
