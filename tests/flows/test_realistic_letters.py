"""Two realistic rounds from forms to letters, through a real mail server on loopback."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows import cli
from tests.flows.mail_server import mail_server
from tests.flows.office import Office

WORDS_NOBODY_SHOULD_READ = re.compile(
    r"\bNone\b|\bnan\b|\{\{|\}\}|\bnull\b|undefined|[a-z]_[a-z]|  |\.\.|\( |\bnot_|your city's your"
)
"""Marks of a letter that a program wrote without looking: names of columns, empty values, doubled signs."""


def command(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        cli.main(list(arguments))
    return int(end.value.code or 0)


@pytest.mark.long
def test_from_forms_to_letters(
    office: Office, shared_data: Path, through: Callable[[Any], None], capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(office.inputs)  # else a run of these would make the approvals stale
    office.inputs = shared_data / "rounds"
    for round_id in ("2025-07", "2026-01"):
        office.run(round_id, "test", "earlier_round_unsettled")
        assert command("approve", round_id, "1", "--by", "Ann") == 0
        with mail_server() as server:
            through(server)
            assert command("letters", round_id, "--send") == 0
            assert command("letters", round_id, "--send") == 0
        applications = office.tables(round_id, 1)["applications"]
        letters = office.context.outbox.letters(round_id)
        states = Counter(row["state"] for row in letters)
        assert len(letters) == applications.height
        assert set(states) <= {"sent", "no_address"}
        assert len(server.letters.messages) == states["sent"] > 50
        ids = [message["Message-ID"] for message in server.letters.messages]
        assert len(set(ids)) == len(ids)
        for message in server.letters.messages:
            text = message.get_body(("plain",)).get_content()
            assert len(message["To"].addresses) == 1
            assert not WORDS_NOBODY_SHOULD_READ.search(text.replace("\r\n", "\n")), text
    capsys.readouterr()
