"""What an office does in any order, killed at any call: what was published, decided and told stays so."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import polars as pl
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from flows.approving import approve, revoke
from flows.context import AppContext
from flows.errors import StoppedError
from flows.ledger import record_decisions, restore_ledger
from flows.mailing.letterbox import Letterbox
from flows.procedure import process
from flows.rolling_back import roll_back
from flows.round_inputs import RunRequest
from flows.run_record import record_run
from programme.problems import ProblemsError
from tasks.decisions.confirmations import decisions_in_force
from tasks.decisions.kinds import make_decision
from tests.attack import office
from tests.attack.calls import KilledError, disturbed
from tests.attack.mail import send_letters, sent
from tests.hostile.small_round import write_round
from warehouse.dictionary.inputs import DECISIONS
from warehouse.kept_lines import read_lines
from warehouse.lock import round_lock
from warehouse.snapshots import latest_version, list_versions, read_package, read_table
from warehouse.snapshots.approved import read_approved
from warehouse.snapshots.verify import verify_version

pytestmark = pytest.mark.long

ROUND = office.ROUND
MADE_BY = "ops"
"""Who decides and runs, and may therefore not be the only one who approves."""
KILLED = "killed"
moments = st.none() | st.integers(0, 260)
"""The call at which the process is killed; None: it is left alone."""
begun = datetime(2026, 3, 1, tzinfo=UTC)


class OfficeMachine(RuleBasedStateMachine):
    """One data folder; the model is what must never be lost: seals, decisions, letters."""

    prepared: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="office-"))
        self.home = self.folder / "0"
        shutil.copytree(self.prepared, self.home / "data")
        self.seals = self._seals()
        self.promised: list[str] = []
        self.settled, self.current = True, False

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def context(self) -> AppContext:
        return office.context_of(self.data)

    def _do(self, work: Callable[[], Any], at: int | None) -> tuple[Any, str]:
        """Do something, killed at a call where `at` says so; the answer, or why there is none."""
        with disturbed(*(("killed", at) if at is not None else ())):
            try:
                return work(), ""
            except (ProblemsError, StoppedError) as error:
                return None, str(error)
            except KilledError:
                pass
        # What a process knows of a folder by its path ends with the process.
        home = self.folder / str(int(self.home.name) + 1)
        self.home.rename(home)
        self.home, self.settled = home, False
        return None, KILLED

    def _decide(self, kind: str, subject: str, at: int | None) -> None:
        row = make_decision(
            kind=kind,
            subject=subject,
            reason=f"reason {len(self.promised)}",
            decided_by=MADE_BY,
            decided_at=begun + timedelta(minutes=len(self.promised)),
        )
        context, frame = self.context, DECISIONS.frame([row])
        _, why = self._do(lambda: record_decisions(context, context.round(ROUND), frame, "cli", _now()), at)
        if not why:
            self.promised.append(str(row["decision_id"]))
        self.current = False
        if "ledger restore" in why:
            restore_ledger(self.context, self.context.round(ROUND))

    @rule(number=st.integers(0, 11), at=moments)
    def withdraw(self, number: int, at: int | None) -> None:
        self._decide("withdraw", f"S-{number}", at)

    @precondition(lambda self: self.promised)
    @rule(number=st.integers(0, 99), at=moments)
    def undo(self, number: int, at: int | None) -> None:
        self._decide("undo", self.promised[number % len(self.promised)], at)

    @rule(unpin=st.booleans(), at=moments)
    def run(self, unpin: bool, at: int | None) -> None:
        before = latest_version(self.context.storage, ROUND)
        version, why = self._do(lambda: self._process(unpin), at)
        if why:
            self.current = False
            assert why == KILLED or "ledger restore" in why or "no_twinnings" in why, why
            if "ledger restore" in why:
                restore_ledger(self.context, self.context.round(ROUND))
            return
        assert version == latest_version(self.context.storage, ROUND)
        if self.current and not unpin:
            assert version == before, "the same again made a new version"
        self.current, self.settled = True, True
        in_force = decisions_in_force(self.context.ledger.decisions(ROUND))
        gone = set(in_force.filter(pl.col("kind") == "withdraw")["subject"])
        placed = set(read_table(self.context.storage, ROUND, version, "twinning_members")["application_id"])
        assert not gone & placed, "a withdrawal that was recorded did not count"

    def _process(self, unpin: bool) -> int:
        context = self.context
        request = RunRequest(ROUND, "a run", str(self.data / "inputs"), None, (), MADE_BY, unpin)
        with record_run(context, ROUND, "process", "a run", None, MADE_BY) as record:
            return process(context, request, record).publication.version

    @rule()
    def a_second_run_is_refused(self) -> None:
        context = self.context
        url, locks = context.settings.database_url, self.data / "locks"
        with round_lock(ROUND, database_url=url, folder=locks, holder="another", since=_now()):
            _, why = self._do(lambda: self._process(unpin=False), None)
        assert "another" in why

    @rule(by=st.sampled_from(["Ann", "Bo", MADE_BY]), at=moments)
    def approve(self, by: str, at: int | None) -> None:
        context = self.context
        version = latest_version(context.storage, ROUND)
        assert version is not None
        others = self._approvers().get(version, set()) - {by}
        answer, why = self._do(
            lambda: approve(context, context.round(ROUND), version, by=by, reason="fine"), at
        )
        if why:
            return
        assert by != MADE_BY or others, "who made it approved it alone"
        assert answer.approved.version == version
        self.settled = True

    @rule(at=moments)
    def revoke(self, at: int | None) -> None:
        context = self.context
        _, why = self._do(lambda: revoke(context, context.round(ROUND), None, by="Bo", reason="no"), at)
        self.settled |= not why

    @rule(number=st.integers(0, 99), at=moments)
    def roll_back(self, number: int, at: int | None) -> None:
        context, now = self.context, _now()
        versions = list_versions(context.storage, ROUND)
        version = versions[number % len(versions)]

        def back() -> Any:
            with record_run(context, ROUND, "process", "back", None, MADE_BY) as record:
                return roll_back(
                    context, context.round(ROUND), version, reason="back", by=MADE_BY, now=now, record=record
                )

        answer, why = self._do(back, at)
        self.current = False
        if "ledger restore" in why:
            restore_ledger(self.context, self.context.round(ROUND))
        if why:
            return
        self.settled = True
        storage = context.storage
        contents = [
            read_package(storage, ROUND, one)["content"]
            for one in (version, answer.version or latest_version(storage, ROUND))
        ]
        assert contents[0] == contents[1]

    @rule(at=moments)
    def letters(self, at: int | None) -> None:
        context = self.context
        _, why = self._do(lambda: send_letters(context, context.round(ROUND), self.home), at)
        if why:
            return
        took = sent(self.home)
        send_letters(context, context.round(ROUND), self.home)
        assert sent(self.home) == took, "the same news was sent again"

    @rule()
    def find_out(self) -> None:
        """A person looks for each doubtful letter at the mail server, and says what was found."""
        took = {line.split()[0] for line in sent(self.home)}
        with Letterbox(self.context, self.context.round(ROUND)) as box:
            for row in box.rows():
                if row["state"] == "sending":
                    box.note([row["letter_id"]], "sent" if row["message_id"] in took else "waiting", _now())

    def _seals(self) -> dict[int, str]:
        storage = self.context.storage
        return {
            version: str(read_package(storage, ROUND, version)["seal"])
            for version in list_versions(storage, ROUND)
        }

    def _approvers(self) -> dict[int, set[str]]:
        """Who approves which version, by the record alone."""
        found: dict[int, set[str]] = {}
        decisions = self.context.ledger.decisions(ROUND).select("kind", "subject", "decided_by")
        for kind, subject, by in decisions.iter_rows():
            if kind == "approve":
                found.setdefault(int(subject.split(":")[1]), set()).add(by)
            elif kind == "revoke_approval":
                found.pop(int(subject.split(":")[1]), None)
        return found

    @invariant()
    def no_version_changes(self) -> None:
        now = self._seals()
        assert {version: now.get(version) for version in self.seals} == self.seals
        for version in set(now) - set(self.seals):
            damage = verify_version(self.context.storage, ROUND, version)
            assert not [one for one in damage if "latest.json" not in one], damage
        self.seals = now

    @invariant()
    def no_decision_is_lost(self) -> None:
        context = self.context
        recorded = set(context.ledger.decisions(ROUND)["decision_id"])
        lines = {row["decision_id"] for row in read_lines(context.storage, ROUND, "decisions")}
        assert set(self.promised) <= recorded
        assert recorded <= lines

    @invariant()
    def what_leaves_the_house_was_approved(self) -> None:
        approved = read_approved(self.context.storage, ROUND)
        enough = [version for version, people in self._approvers().items() if people - {MADE_BY}]
        if approved is None:
            assert not (self.settled and enough)
        elif self.settled:
            assert approved.version == max(enough)

    @invariant()
    def no_letter_is_sent_twice(self) -> None:
        took = [line.split()[0] for line in sent(self.home)]
        assert len(took) == len(set(took))
        noted = {row["message_id"]: row["state"] for row in self.context.outbox.letters(ROUND)}
        assert set(took) <= set(noted)
        assert {name for name, state in noted.items() if state == "sent"} <= set(took)


def _now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if "CITY2CITY_CACHE" not in os.environ:
        monkeypatch.setenv("CITY2CITY_CACHE", str(tmp_path / "cache"))
    write_round(tmp_path / "data/inputs", office.inputs())
    OfficeMachine.prepared = tmp_path / "data"
    context = office.context_of(tmp_path / "data")
    request = RunRequest(ROUND, "a run", str(tmp_path / "data/inputs"), None, (), MADE_BY)
    with record_run(context, ROUND, "process", "a run", None, MADE_BY) as record:
        process(context, request, record)
    yield
    del OfficeMachine.prepared


@pytest.mark.usefixtures("prepared")
def test_whatever_the_office_does_in_whatever_order() -> None:
    run_state_machine_as_test(
        OfficeMachine,
        settings=settings(
            max_examples=12,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
