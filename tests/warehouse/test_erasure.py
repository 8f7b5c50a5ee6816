"""Forgetting a submission empties what names a person, and keeps every count; versions and rounds stay."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
from sqlalchemy import Engine, text

from tests.warehouse.ledger_rows import NOW, ROUND, SOURCE, decision_of, submissions_of
from warehouse.database.erasure import Erasures
from warehouse.database.ledger import Ledger
from warehouse.database.outbox import Outbox
from warehouse.dictionary.decision_ids import ERASED
from warehouse.dictionary.inputs import DECISIONS
from warehouse.dictionary.working import SET_ASIDE


class TestErasure:
    def test_what_is_personal_goes_and_the_counts_stay(self, ledger: Ledger) -> None:
        ledger.record_submissions(ROUND, SOURCE, submissions_of(3))
        ledger.record_submissions(ROUND, "b" * 64, submissions_of(3))
        aside = SET_ASIDE.frame(
            [{"table": "submissions", "row": 9, "row_key": "S1", "reason": "No country."}]
        )
        ledger.record_set_aside(
            ROUND, aside.with_columns(payload=pl.lit('{"contact_name": "Jan"}')), {"submissions": SOURCE}
        )
        subjects = ["S1", "S1:Gda\u0144sk", "S2", "S10", "S1%", "xS1"]
        made = [
            decision_of(f"d{n}", subject=subject, reason="Jan called") for n, subject in enumerate(subjects)
        ]
        made += [decision_of("d9", kind="merge", subject="S2", object="S1", reason="Jan called")]
        ledger.add_decisions(ROUND, DECISIONS.frame(made), "cli", recorded_at=NOW)

        assert ledger.erase_submission("S1", erased_at=NOW) == 3
        assert ledger.erase_submission("S1", erased_at=NOW + timedelta(days=1)) == 0
        for source in (SOURCE, "b" * 64):
            kept = ledger.submissions(ROUND, source)
            assert [(row["submission_id"], row["payload"] is None, row["erased_at"]) for row in kept] == [
                ("S0", False, None),
                ("S1", True, NOW),
                ("S2", False, None),
            ]
        assert ledger.set_aside(ROUND, SOURCE)[0]["payload"] is None
        reasons = dict(
            ledger.decisions(ROUND).select("subject", "reason").filter(pl.col("subject") != "S2").iter_rows()
        )
        assert {subject for subject, reason in reasons.items() if reason == ERASED} == {
            "S1",
            "S1:Gda\u0144sk",
        }
        assert sorted(ledger.decisions(ROUND).filter(subject="S2")["reason"]) == ["Jan called", ERASED]

    def test_an_erased_submission_stays_erased_in_any_later_file(self, ledger: Ledger) -> None:
        ledger.record_submissions(ROUND, SOURCE, submissions_of(2))
        ledger.erase_submission("S1", erased_at=NOW)
        assert ledger.record_submissions(ROUND, "c" * 64, submissions_of(2)) == 2
        assert [
            (row["payload"] is None, row["erased_at"]) for row in ledger.submissions(ROUND, "c" * 64)
        ] == [(False, None), (True, NOW)]


def test_contacts_and_reasons_go_through_the_same_door(ledger: Ledger, engine: Engine) -> None:
    ledger.record_submissions(ROUND, SOURCE, submissions_of(2))
    Outbox(engine).add_contact(ROUND, "c1", "S1", "Jan Kowalski", "jan@x.example", at=NOW)
    made = [
        decision_of("d1", reason="they called"),
        decision_of("d2", subject="S0", reason="after Jan Kowalski  called"),
        decision_of("d3", subject="S0", reason="seen"),
    ]
    ledger.add_decisions(ROUND, DECISIONS.frame(made), "cli", recorded_at=NOW)
    erasures, told = Erasures(engine), []
    erasures.ask(["S1"], "asked", "ana", at=NOW)
    erasures.ask(["S1"], "again", "ben", at=NOW + timedelta(days=1))
    assert erasures.erase(["S1"], ["jan kowalski called"], lambda gone: told.append(set(gone)), at=NOW) == 1
    erasures.compact()
    erasures.done(["S1"], at=NOW)

    decisions = ledger.decisions(ROUND)
    assert decisions["reason"].to_list() == [ERASED, ERASED, "seen"]
    assert told == [set(decisions["decision_id"].to_list()[:2])]
    assert Outbox(engine).contacts(ROUND)["c1"]["address"] is None
    noted = erasures.rows()
    assert [(row["reason"], row["asked_by"], row["done_at"]) for row in noted] == [("asked", "ana", NOW)]
    assert erasures.erase(["S1"], [], lambda _gone: None, at=NOW) == 0


def test_a_version_is_noted_once(ledger: Ledger) -> None:
    package = {
        "parent": None,
        "state": "settled",
        "reason": "deadline",
        "content": "c" * 64,
        "seal": "s" * 64,
        "resources": [],
    }
    run = ledger.start_run(ROUND, "process", "x", as_of=NOW, started_at=NOW, program="0")
    ledger.record_version(ROUND, 1, package, published_at=NOW, run_id=run)
    ledger.record_version(ROUND, 1, {**package, "state": "other"}, published_at=NOW, run_id=None)
    ledger.record_version(ROUND, 2, {**package, "parent": 1}, published_at=NOW, run_id=None)
    assert [
        (row["version"], row["parent"], row["state"], row["run_id"]) for row in ledger.versions(ROUND)
    ] == [
        (1, None, "settled", run),
        (2, 1, "settled", None),
    ]


def test_a_round_keeps_its_newest_title_and_deadline(ledger: Ledger, engine: Engine) -> None:
    ledger.record_round(ROUND, "Second call, extended", NOW + timedelta(days=7))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT id, title FROM round")).all() == [
            (ROUND, "Second call, extended")
        ]
