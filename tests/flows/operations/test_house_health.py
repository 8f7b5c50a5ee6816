"""What of a house and of its machine is fine, what a person should look at, and what is broken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from flows.operations.house_health import (
    CacheFacts,
    DatabaseFacts,
    KeyFacts,
    LockFacts,
    RulesFacts,
    StorageFacts,
    backup_line,
    cache_line,
    database_line,
    key_lines,
    lock_line,
    rules_lines,
    storage_line,
)
from flows.operations.line import Health, Line, NoAnswer
from flows.operations.machine_health import (
    ClockFacts,
    DiskFacts,
    LibraryFacts,
    MailFacts,
    clock_line,
    disk_lines,
    library_lines,
    mail_line,
)

NOW = datetime(2026, 1, 9, 7, tzinfo=UTC)
GB = 1024**3
DAY = timedelta(days=1)

CASES = [
    pytest.param(rules_lines(RulesFacts("programme")), "fine", id="rules"),
    pytest.param(rules_lines(RulesFacts("programme", ("rounds.toml: ...",))), "broken", id="rules-wrong"),
    pytest.param(rules_lines(RulesFacts("programme", (), (("2026-01", 2),))), "look", id="a-round-pinned"),
    pytest.param(database_line(DatabaseFacts("SQLite", True, "0006", "0006")), "fine", id="database"),
    pytest.param(database_line(DatabaseFacts("SQLite", False, None, "0006")), "look", id="database-new"),
    pytest.param(database_line(DatabaseFacts("Postgres", True, None, "0006")), "look", id="database-empty"),
    pytest.param(database_line(DatabaseFacts("SQLite", True, "0004", "0006")), "look", id="database-older"),
    pytest.param(database_line(DatabaseFacts("SQLite", True, "0007", "0006")), "broken", id="database-newer"),
    pytest.param(
        database_line(DatabaseFacts("SQLite", True, "0006", "0006", "0644")), "look", id="database-readable"
    ),
    pytest.param(database_line(NoAnswer("connection refused")), "broken", id="database-gone"),
    pytest.param(storage_line(StorageFacts("data")), "fine", id="storage"),
    pytest.param(storage_line(StorageFacts("data", exists=False)), "look", id="storage-new"),
    pytest.param(storage_line(StorageFacts("data", True, ("restricted",))), "look", id="storage-readable"),
    pytest.param(storage_line(NoAnswer("permission denied")), "broken", id="storage-refuses"),
    pytest.param(key_lines([KeyFacts("signing key", "a", True)]), "fine", id="key"),
    pytest.param(key_lines([KeyFacts("signing key", "a", False, make="m")]), "look", id="key-none"),
    pytest.param(
        key_lines([KeyFacts("signing key", "a", True, "others may read it")]), "broken", id="key-bad"
    ),
    pytest.param(key_lines(NoAnswer("no answer in time")), "broken", id="keys-unknown"),
    pytest.param(cache_line(CacheFacts("c", 5)), "fine", id="caches"),
    pytest.param(cache_line(CacheFacts("c", None)), "fine", id="caches-new"),
    pytest.param(cache_line(NoAnswer("read-only")), "broken", id="caches-read-only"),
    pytest.param(lock_line(LockFacts("2026-01"), NOW), "fine", id="lock-free"),
    pytest.param(lock_line(LockFacts("2026-01", "a run", NOW), NOW), "fine", id="lock-held"),
    pytest.param(lock_line(LockFacts("2026-01", "a run", NOW - DAY), NOW), "look", id="lock-held-long"),
    pytest.param(backup_line(NOW - DAY, NOW, versions=True), "fine", id="backup"),
    pytest.param(backup_line(NOW - 8 * DAY, NOW, versions=True), "look", id="backup-old"),
    pytest.param(backup_line(None, NOW, versions=True), "look", id="backup-none"),
    pytest.param(backup_line(None, NOW, versions=False), "fine", id="backup-nothing-to-lose"),
    pytest.param(disk_lines([DiskFacts("data", 100 * GB)]), "fine", id="disk"),
    pytest.param(disk_lines([DiskFacts("data", GB)]), "look", id="disk-low"),
    pytest.param(disk_lines([DiskFacts("data", GB // 10)]), "broken", id="disk-full"),
    pytest.param(clock_line(ClockFacts("UTC"), NOW), "fine", id="clock"),
    pytest.param(clock_line(ClockFacts("UTC", timedelta(seconds=-2), NOW - DAY), NOW), "fine", id="clock-2s"),
    pytest.param(clock_line(ClockFacts("UTC", timedelta(seconds=-60)), NOW), "look", id="clock-behind"),
    pytest.param(clock_line(ClockFacts("UTC", timedelta(hours=1)), NOW), "broken", id="clock-ahead"),
    pytest.param(clock_line(ClockFacts("UTC", None, NOW + DAY), NOW), "broken", id="clock-before-a-run"),
    pytest.param(mail_line(MailFacts("mail.example.org")), "fine", id="mail"),
    pytest.param(mail_line(MailFacts(None)), "look", id="mail-not-set"),
    pytest.param(mail_line(MailFacts(None, ("PORT: found 'x'.",))), "broken", id="mail-wrong"),
    pytest.param(mail_line(MailFacts("h", no_answer="it does not answer")), "broken", id="mail-dead"),
    pytest.param(library_lines(LibraryFacts((3, 12), 190)), "fine", id="libraries"),
    pytest.param(library_lines(LibraryFacts((3, 12), 0)), "look", id="lock-not-there"),
    pytest.param(library_lines(LibraryFacts((3, 12), 9, (("a", "1", None),))), "broken", id="missing"),
    pytest.param(library_lines(LibraryFacts((3, 12), 9, (("a", "1", "2"),) * 9)), "broken", id="others"),
    pytest.param(library_lines(LibraryFacts((3, 10), 9)), "broken", id="python-too-old"),
    pytest.param(library_lines(LibraryFacts((3, 15), 9)), "broken", id="python-too-new"),
]


@pytest.mark.parametrize(("found", "health"), CASES)
def test_how_it_is_and_what_to_do(found: Line | list[Line], health: Health) -> None:
    lines = [found] if isinstance(found, Line) else found
    order: list[Health] = ["fine", "look", "broken"]
    assert max((line.health for line in lines), key=order.index) == health
    assert all(bool(line.remedy) == (line.health != "fine") for line in lines)
    assert all(line.found for line in lines)
