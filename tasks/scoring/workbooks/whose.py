"""Whose each returned file is, and which file of each evaluator counts.

The token says whose a workbook is, and a person's choice outranks it. Two files of one evaluator that say
different things count neither until a person chooses: neither the name of a file nor the order of the names
says which is the later. Belongs here: these two questions. Must stay out: reading a file (`sheet.py`), and
the scores (`returned.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from programme.vocabulary import WorkbookStanding
from tasks.ingest.files.sheets import OpenBinary
from tasks.scoring.workbooks.sheet import ReturnedFile, Sheet, UnusableWorkbookError, read_sheet
from tasks.scoring.workbooks.token import Tokens

Answers = frozenset[tuple[str, str, str]]
"""What a workbook says: application, heading, text of the cell."""
_SHOWN = 12
"""Differences that are told one by one, and letters of a cell that are shown."""


@dataclass(frozen=True)
class Judged:
    """A returned file with whose it is and what becomes of it.

    `sheet` is None where the file cannot be read, `evaluator_id` None where nothing proves whose it is;
    `proven` says that the token proves it. `why` says what a person should know, empty where nothing.
    `differences` are those from the other files of its evaluator.
    """

    file: ReturnedFile
    sheet: Sheet | None
    evaluator_id: str | None
    standing: WorkbookStanding
    proven: bool = False
    why: str = ""
    differences: tuple[str, ...] = ()


def same_content_once(
    files: Mapping[str, bytes], sent: Mapping[str, datetime | None] | None = None
) -> list[ReturnedFile]:
    """The contents that came back, copies together, in order of their hash: names say nothing."""
    names: dict[bytes, list[str]] = {}
    for name in sorted(files):
        names.setdefault(files[name], []).append(name)
    found = [
        ReturnedFile(tuple(of_one), content, min(filter(None, map((sent or {}).get, of_one)), default=None))
        for content, of_one in names.items()
    ]
    return sorted(found, key=lambda file: file.sha256)


def judge_files(
    files: Iterable[ReturnedFile],
    tokens: Tokens,
    chosen: Mapping[str, str],
    answers: Callable[[Sheet], Answers],
    open_binary: OpenBinary,
) -> list[Judged]:
    """What becomes of each file. `chosen` maps an evaluator to the hash of the file that a person chose;
    `answers` takes from a sheet what its evaluator filled in.
    """
    owner_by_choice = {sha256: evaluator for evaluator, sha256 in chosen.items()}
    judged = [_whose(file, tokens, owner_by_choice.get(file.sha256), open_binary) for file in files]
    by_evaluator: dict[str, list[Judged]] = {}
    for one in judged:
        if one.evaluator_id is not None:
            by_evaluator.setdefault(one.evaluator_id, []).append(one)
    settled = {
        one.file.sha256: one
        for evaluator, of_one in by_evaluator.items()
        for one in _of_one_evaluator(of_one, chosen.get(evaluator), answers)
    }
    return [settled.get(one.file.sha256, one) for one in judged]


def missing_choices(judged: Iterable[Judged], chosen: Mapping[str, str]) -> dict[str, str]:
    """The choices of files that did not come back: evaluator to hash."""
    there = {one.file.sha256 for one in judged}
    return {evaluator: sha256 for evaluator, sha256 in sorted(chosen.items()) if sha256 not in there}


def _whose(file: ReturnedFile, tokens: Tokens, by_choice: str | None, open_binary: OpenBinary) -> Judged:
    try:
        sheet = read_sheet(file, open_binary)
    except UnusableWorkbookError as error:
        return Judged(file, None, None, "unusable", why=str(error))
    proven = tokens.owner(sheet.token, sheet.named, sheet.listed()) if sheet.token else None
    if by_choice is not None:
        return Judged(file, sheet, by_choice, "counts", proven=proven == by_choice)
    if sheet.round_id and sheet.round_id != tokens.round_id:
        why = f"it belongs to another round than {tokens.round_id}"
        return Judged(file, sheet, None, "unusable", why=why)
    if proven is None:
        return Judged(file, sheet, None, "unproven", why=_unproven(sheet, tokens))
    why = "" if sheet.named == proven else "the name in it is another evaluator's; its token counts"
    return Judged(file, sheet, proven, "counts", proven=True, why=why)


def _unproven(sheet: Sheet, tokens: Tokens) -> str:
    if not sheet.token:
        return "it carries no token, so nothing proves whose it is"
    if sheet.named not in tokens.assigned:
        return "its token is of nobody who was given applications of this round"
    return "its token is not that of the evaluator it names, or was made for other applications"


def _of_one_evaluator(
    files: Sequence[Judged], choice: str | None, answers: Callable[[Sheet], Answers]
) -> Iterator[Judged]:
    """The files of one evaluator with what becomes of each.

    One that a person chose counts alone. Else files that say nothing are left aside; of several that say the
    same one counts, and where they differ, none does.
    """
    said = {one.file.sha256: answers(one.sheet) for one in files if one.sheet is not None}
    filled = [one for one in files if said[one.file.sha256]]
    differ = len({said[one.file.sha256] for one in filled}) > 1
    first = min(filled or files, key=lambda one: one.file.sha256)
    for one in files:
        others = [other for other in filled if other is not one]
        if choice is not None:
            standing: WorkbookStanding = "counts" if one.file.sha256 == choice else "not_chosen"
        elif differ and one in filled:
            standing = "waits"
        else:
            standing = "counts" if one is first and not differ else "same"
        shown = _differences(said, one, others) if standing == "waits" else ()
        yield replace(one, standing=standing, differences=shown)


def _differences(said: Mapping[str, Answers], one: Judged, others: Sequence[Judged]) -> tuple[str, ...]:
    """Where a file says something else than another one of its evaluator; of texts only that they differ."""
    own = _by_cell(said[one.file.sha256])
    theirs = [_by_cell(said[other.file.sha256]) for other in others]
    cells = set(own).union(*theirs)
    differing = sorted(cell for cell in cells if {each.get(cell) for each in theirs} - {own.get(cell)})
    found = [f"{application}, {heading}: {_shown(own.get((application, heading)))}"
             for application, heading in differing[:_SHOWN]]  # fmt: skip
    rest = len(differing) - _SHOWN
    return (*found, *([f"and {rest} more"] if rest > 0 else []))


def _by_cell(answers: Answers) -> dict[tuple[str, str], str]:
    return {(application, heading): text for application, heading, text in answers}


def _shown(text: str | None) -> str:
    return "blank" if text is None else text if len(text) <= _SHOWN else "a text"
