"""A round with an approved version of one application of every kind; no round is run for it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows import cli
from flows.context import AppContext, open_context
from flows.settings import read_settings
from tests.tasks.letters.making import every_kind, tables
from warehouse.dictionary.inputs import SUBMISSIONS
from warehouse.snapshots import latest_version, read_package, write_snapshot
from warehouse.snapshots.approved import Approved, write_approved
from warehouse.snapshots.descriptor import VersionMetadata

ROUND = "2026-01"
SOURCE = "5" * 64
BY = ("--reason", "they wrote to us", "--by", "ops")
Rows = dict[str, list[dict[str, Any]]]


def form(name: str, **more: Any) -> dict[str, Any]:
    """What the form of an application says of its contact."""
    row = {"submission_id": name, "city_name": f"City {name}", "country": "Kenya", "applicant_type": "city"}
    row |= {"contact_name": f"Person {name}", "contact_email": f"{name.lower()}@example.org"}
    return row | {"contact_role": "Lead", "data_consent": True, "topic_1": "data"} | more


@dataclass
class PostOffice:
    """A data folder of its own, and the command line on it."""

    capsys: pytest.CaptureFixture[str]
    folder: Path
    forms: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def context(self) -> AppContext:
        return open_context(read_settings())

    def approve(self, rows: Rows | None = None, *, approved: bool = True) -> int:
        """Publish a version with these tables and approve it."""
        context, rows = self.context, rows or every_kind()
        self.read_forms(rows)
        parent = latest_version(context.storage, ROUND)
        rules = context.programme.fingerprint
        metadata = VersionMetadata("processed", "test", parent, {"submissions": SOURCE}, rules)
        version = write_snapshot(context.storage, ROUND, tables(**rows), metadata)
        assert version is not None
        if approved:
            package = read_package(context.storage, ROUND, version)
            at = datetime(2026, 1, 20, 9, tzinfo=UTC)
            note = Approved(ROUND, version, package["seal"], package["content"], at, 1)
            write_approved(context.storage, note)
        return version

    def read_forms(self, rows: Rows | None = None) -> None:
        """Keep the forms in the database, as a run does."""
        context, round_ = self.context, self.context.round(ROUND)
        context.ledger.record_round(ROUND, round_.title, round_.deadline)
        applications = (rows or every_kind())["applications"]
        names = [row["application_id"] for row in applications if row["state"] != "set_aside"]
        forms = [self.forms.get(name, form(name)) | {"row": n} for n, name in enumerate(names, 2)]
        context.ledger.record_submissions(ROUND, SOURCE, SUBMISSIONS.frame(forms))

    def ask(self, *arguments: str, status: int = 0) -> tuple[str, str]:
        """What a command prints, on both outputs."""
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main(list(arguments))
        told = self.capsys.readouterr()
        assert (end.value.code or 0) == status, (told.out, told.err)
        return told.out, told.err

    def letters(self, *options: str, status: int = 0) -> tuple[str, str]:
        return self.ask("letters", ROUND, *options, status=status)

    def states(self) -> dict[str, str]:
        """The state of the newest letter of each application."""
        return {row["application_id"]: row["state"] for row in self.context.outbox.letters(ROUND)}

    def due(self) -> dict[str, bool]:
        """Who is to be told something, and whether as a correction."""
        answer = json.loads(self.letters("--json")[0])
        return {row["application_id"]: row["correction"] for row in answer["due"]}
