"""Recorded decisions, written as one line each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from warehouse.dictionary.inputs import DECISIONS

START = datetime(2025, 9, 10, tzinfo=UTC)


def ledger(*rows):
    """Decisions written as `id kind subject object value [day]`, a dash for a blank; the day is the row's
    place unless given.
    """
    made = []
    for n, row in enumerate(rows):
        id_, kind, subject, object_, value, *day = [None if cell == "-" else cell for cell in row.split()]
        made.append(
            {
                "decision_id": id_,
                "kind": kind,
                "subject": subject,
                "object": object_,
                "value": value,
                "reason": "r",
                "decided_by": "p",
                "decided_at": START + timedelta(days=int(day[0]) if day else n),
            }
        )
    return DECISIONS.frame(made)
