"""The journal of erasures, and which kept input stands in the place of which."""

from __future__ import annotations

from datetime import UTC, datetime

from warehouse.erasure_journal import add_to_journal, forgotten, journal, note_erasure, read_journal
from warehouse.inputs.kept import has_input, keep_input, read_input
from warehouse.inputs.rewritten import PATH, erased_from, newest, note_rewritten
from warehouse.storage import Storage

NOW = datetime(2026, 2, 1, tzinfo=UTC)


def test_an_erasure_is_noted_once_and_a_copy_is_added(storage: Storage) -> None:
    assert journal(storage) == ()
    note_erasure(storage, ("S1", "S2"), NOW)
    note_erasure(storage, ("S1", "S2"), datetime(2026, 3, 1, tzinfo=UTC))
    copy = '{"submissions": ["S3"], "at": "2026-02-02T00:00:00+00:00"}\n{"submissions": ["S1", "S2"], "at"'
    add_to_journal(storage, read_journal(copy))
    assert forgotten(storage) == ("S1", "S2", "S3")
    assert journal(storage)[0].at == NOW


def test_an_old_hash_leads_to_what_is_kept_now(storage: Storage) -> None:
    old, middle, new = (keep_input(storage, data) for data in (b"one", b"two", b"three"))
    for first, second, gone in ((old, middle, "S1"), (middle, new, "S2")):
        note_rewritten(storage, first, second, [gone])
        storage.delete(f"restricted/inputs/{first}")
    storage.append(PATH, b'{"old": "cut sh')
    assert read_input(storage, old) == b"three"
    assert has_input(storage, middle)
    assert newest(storage, new) == new
    assert (erased_from(storage, old), erased_from(storage, new)) == (("S1", "S2"), ())


def test_what_a_backup_brought_back_is_read_as_it_is(storage: Storage) -> None:
    old, new = keep_input(storage, b"one"), keep_input(storage, b"two")
    note_rewritten(storage, old, new, ["S1"])
    assert read_input(storage, old) == b"one"
