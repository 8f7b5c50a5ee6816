"""A stranger sends a form for a city that is placed: over whole rounds, the city loses nothing by it."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from flows.letters import write_letters
from flows.linking_resources import linking_resources
from flows.procedure import assess
from flows.round_inputs import gather
from tests.flows.office import Office
from tests.flows.test_confirmed_rounds import call

ROUND = "2025-07"
STRANGER = {"a3.": "individual", "c2.": "somebody@gmail.com", "c4.": None, "c5.": "none"}
OTHER_OFFICE = {"c2.": "tourism@elsewhere.example", "c4.": "Tourism office", "c5.": "Official letter"}


def send_again(office: Office, application: str, key: str, answers: dict[str, str | None]) -> None:
    """Add a form that somebody else sent for the city of `application` at the end of the call.

    `answers` maps the number of a question to the other answer.
    """
    path = office.inputs / ROUND / "submissions.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    form: list[Any] = list(next(row for row in rows if row[0] == application))
    form[:2] = [key, "2025-09-04T10:14:00+03:00"]
    for number, answer in answers.items():
        form[next(n for n, text in enumerate(rows[0]) if str(text).casefold().startswith(number))] = answer
    sheet.append(form)
    book.save(path)


def placed(office: Office, version: int) -> dict[str, str]:
    table = office.tables(ROUND, version)["twinning_members"]
    return dict(table.select("application_id", "twinning_id").iter_rows())


@pytest.mark.long
def test_a_stranger_unplaces_nobody(processed: Office) -> None:
    before = placed(processed, 1)
    city = min(before)
    send_again(processed, city, "STRANGER-1", STRANGER)
    processed.run(ROUND)
    assert placed(processed, 2) == before
    [point] = [one for one in call("review", ROUND) if one["kind"] == "contested"]
    assert point["subject"] == "STRANGER-1"
    assert f"city2city decide {ROUND} merge {city} STRANGER-1" in point["evidence"]


@pytest.mark.long
def test_who_was_replaced_is_told_everywhere(processed: Office) -> None:
    city = min(placed(processed, 1))
    send_again(processed, city, "OTHER-1", OTHER_OFFICE)
    processed.run(ROUND)
    changed = processed.tables(ROUND, 2)["changes"].rows(named=True)
    assert any(one["subject"] == city and one["after"] == "superseded" for one in changed)
    assert any(one["subject"] == city and one["after"] == "OTHER-1" for one in changed)
    assert city in {one["subject"] for one in call("review", ROUND) if one["kind"] == "replaced"}
    told = {one["application_id"]: one["evidence"] for one in call("review", ROUND, "--part", "replaced")}
    assert told[city] == "OTHER-1 stands in its place"
    inputs = gather(processed.context, ROUND, str(processed.inputs), None)
    assessed = assess(inputs, linking_resources(processed.context))
    folder = Path(
        write_letters(processed.context, inputs, assessed, datetime(2025, 9, 4, 12, tzinfo=UTC)).folder
    )
    draft = message_from_bytes((folder / f"{city}.eml").read_bytes(), policy=policy.default)
    assert "its number is OTHER-1" in " ".join(draft.get_content().split())
    assert "elsewhere" not in draft.as_string()


pytestmark = pytest.mark.long
