"""What decisions say of links, and which of them are about nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from tasks.crosscheck.round.link_overrides import LinkOverrides, link_overrides
from tasks.crosscheck.round.registers import apply_overrides
from warehouse.dictionary import INPUT_TABLES

QUERIES = pl.DataFrame(
    [
        ("S1", "cohort", "Torino"),
        ("S1", "gcom", "Torino"),
        ("S2", "cohort", "Two Rivers"),
        ("S2", "gcom", "Portland, OR"),
        ("S2", "gcom", "Salem"),
    ],
    schema=["application_id", "register", "member_name"],
    orient="row",
)
REGISTERS = {"cohort": pl.Series(["U1", "U2"]), "gcom": pl.Series(["G1", "G2"])}
Decision = tuple[str, str, str | None, str | None]


def overrides(*decisions: Decision) -> LinkOverrides:
    rows: list[dict[str, object]] = [
        {
            "row": n,
            "decision_id": f"d{n}",
            "kind": kind,
            "subject": subject,
            "object": object_,
            "value": value,
            "reason": "seen",
            "decided_by": "someone",
            "decided_at": datetime(2025, 9, 1, tzinfo=UTC),
        }
        for n, (kind, subject, object_, value) in enumerate(decisions, 1)
    ]
    table = INPUT_TABLES["decisions"]
    names = set(table.names)
    frame = table.frame([{key: value for key, value in row.items() if key in names} for row in rows])
    return link_overrides(frame, QUERIES, REGISTERS)


APPLIED: dict[str, tuple[Decision, tuple[object, ...]]] = {
    "a link": (("link", "S1", "gcom", "G2"), ("S1", "gcom", "Torino", "d1", "G2")),
    "no link": (("no_link", "S1", "cohort", None), ("S1", "cohort", "Torino", "d1", None)),
    "a member": (("link", "S2:Salem", "gcom", "G1"), ("S2", "gcom", "Salem", "d1", "G1")),
    "a member in another case": (
        ("no_link", "S2: portland,  or ", "gcom", None),
        ("S2", "gcom", "Portland, OR", "d1", None),
    ),
    "a consortium by its own name": (
        ("link", "S2", "cohort", "U2"),
        ("S2", "cohort", "Two Rivers", "d1", "U2"),
    ),
}


@pytest.mark.parametrize(("decision", "override"), APPLIED.values(), ids=APPLIED.keys())
def test_a_decision_is_applied(decision: Decision, override: tuple[object, ...]) -> None:
    made = overrides(decision)
    assert made.overrides.rows() == [override]
    assert made.findings.is_empty()


FAULTS: dict[str, tuple[Decision, str]] = {
    "no register": (("no_link", "S1", "phone book", None), "names no register"),
    "no object": (("no_link", "S1", None, None), "names no register"),
    "a row of the other register": (("link", "S1", "gcom", "U1"), "not in the gcom register"),
    "a consortium without a member": (("no_link", "S2", "gcom", None), "is about a consortium"),
    "another submission": (("no_link", "S9", "gcom", None), "not in this round's inputs"),
    "another member": (("no_link", "S2:Seattle", "gcom", None), "not in this round's inputs"),
    "a member in the other register": (("no_link", "S2:Salem", "cohort", None), "not in this round's inputs"),
}


@pytest.mark.parametrize(("decision", "fault"), FAULTS.values(), ids=FAULTS.keys())
def test_a_decision_about_nothing_is_a_finding(decision: Decision, fault: str) -> None:
    made = overrides(decision)
    assert made.overrides.is_empty()
    finding = made.findings.row(0, named=True)
    assert finding["expectation"] == "link_decision_applies"
    assert (finding["table"], finding["column"], finding["row_key"]) == ("decisions", "subject", "d1")
    assert finding["message"].startswith("decision d1 ")
    assert fault in finding["message"]
    assert finding["message"].endswith("; it was not applied")


@pytest.mark.parametrize("kind", ["rule", "undo", "withdraw", "pin"])
def test_decisions_of_other_kinds_are_left_to_other_steps(kind: str) -> None:
    made = overrides((kind, "S1", "gcom", "G1"), ("no_link", "S1", "gcom", None))
    assert made.overrides["decision_id"].to_list() == ["d2"]
    assert made.findings.is_empty()


def test_a_decision_replaces_the_link_and_the_evidence_shows_both() -> None:
    links = QUERIES.with_columns(
        outcome=pl.lit("review"),
        register_id=pl.lit(None, dtype=pl.String),
        confidence=pl.lit(0.4),
        evidence=pl.lit("not sure"),
        decided_by=pl.lit("rules"),
    )
    made = overrides(("link", "S1", "gcom", "G2"), ("no_link", "S2:Salem", "gcom", None)).overrides
    applied = apply_overrides(links, made)
    assert applied.columns == links.columns
    assert applied.select("outcome", "register_id", "confidence", "evidence", "decided_by").rows() == [
        ("review", None, 0.4, "not sure", "rules"),
        (
            "linked",
            "G2",
            1.0,
            "a person linked it to G2 (decision d1); by the rules: review, not sure",
            "decision d1",
        ),
        ("review", None, 0.4, "not sure", "rules"),
        ("review", None, 0.4, "not sure", "rules"),
        (
            "none",
            None,
            1.0,
            "a person decided that no row is this city (decision d2); by the rules: review, not sure",
            "decision d2",
        ),
    ]
