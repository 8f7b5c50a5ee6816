"""Reading a review workbook back: one reply for each row that was answered.

Belongs here: recognising the workbook and reading its cells. Must stay out: whether a reply may be recorded
(`flows/review_workbook.py`). It is opened by a function that is passed in, because its maker may have put
anything into it.
"""

from __future__ import annotations

from dataclasses import dataclass

from pages.workbook.layout import ANSWER, EXTRA, POINT, POINTS, REASON, SEEN, read_mark
from programme.problems import UnreadableError, problem
from tasks.ingest.files.read_grid import read_grid
from tasks.ingest.files.sheets import OpenBinary

NEEDED = (POINT, ANSWER, EXTRA, REASON, SEEN)
MOST_OF_A_REASON = 600


@dataclass(frozen=True)
class Reply:
    """A row that was answered.

    Its number in the sheet, the point, the words of the answer, what the answer asks for, the reason, and the
    decision that was there when the workbook was made.
    """

    row: int
    point: str
    answer: str
    extra: str
    reason: str
    seen: str


def read_replies(content: bytes, name: str, round_id: str, *, open_binary: OpenBinary) -> list[Reply]:
    """The replies of a workbook; rows without an answer are left out.

    Raises `ProblemsError` where the file is no review workbook of this round.
    """
    try:
        grid = read_grid(content, name, open_binary=open_binary, title=POINTS)
    except UnreadableError as error:
        raise problem(
            found=error.found, expected="a review workbook", where=name, remedy=error.remedy
        ) from error
    texts = [[(cell or "").strip() for cell in row] for row in grid.cells.rows()]
    found = next((read for row in texts[:20] for cell in row if (read := read_mark(cell))), None)
    head = next((at for at, row in enumerate(texts[:20]) if set(NEEDED) <= set(row)), None)
    if found is None or head is None:
        raise _not_ours(name, "no review workbook of ours, or its first rows were changed", round_id)
    if found[0] != round_id:
        raise _not_ours(name, f"the review workbook of round {found[0]}", round_id)
    at = {heading: texts[head].index(heading) for heading in NEEDED}
    return [
        Reply(
            row=int(number),
            point=row[at[POINT]],
            answer=row[at[ANSWER]],
            extra=row[at[EXTRA]],
            reason=row[at[REASON]][:MOST_OF_A_REASON],
            seen=row[at[SEEN]],
        )
        for number, row in zip(list(grid.numbers)[head + 1 :], texts[head + 1 :], strict=True)
        if row[at[ANSWER]]
    ]


def _not_ours(name: str, found: str, round_id: str) -> Exception:
    return problem(
        found=found,
        expected=f"the review workbook of round {round_id}",
        where=name,
        remedy=f"Make one with: city2city review {round_id} --workbook FILE, and fill it in.",
    )
