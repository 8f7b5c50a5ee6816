"""What became of every partner of part F: one case for each answer, with the words for committee and city."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl
import pytest

from programme.vocabulary import PREFERENCE_OUTCOMES
from tasks.matchmaking.explain.part_f import known_cities, preferences_table
from tasks.matchmaking.problem import (
    Capacity,
    Confirmation,
    Constraints,
    Forbid,
    MatchingProblem,
    Pin,
    Withdrawal,
)
from tasks.matchmaking.step import match
from tests.tasks.matchmaking.making import invented
from warehouse.dictionary.working import COOPERATIONS, NAMED_PARTNERS

ADVICE = "has to join the cohort to take part (FAQ 3.7)"
WORKED = {"city_a": "C0000", "city_b": "C0001", "programme": "IURC", "source": "form"}


NOTHING_DECIDED, ROOM = Constraints(), Capacity(2, 5)


@dataclass(frozen=True)
class Case:
    """City 0 names City 1 (id C0001), unless `named` says otherwise; `told` stands in the city's message.

    `partner` changes the partner's columns; `status` is that of its application (None: it did not apply),
    `own` that of City 0; `members` are in the cohort.
    """

    outcome: str
    reason: str
    told: str
    named: str | None = "C0001"
    link: str = "linked"
    partner: Mapping[str, object] = field(default_factory=dict)
    status: str | None = "eligible"
    own: str = "eligible"
    members: tuple[str, ...] = ("C0001",)
    constraints: Constraints = NOTHING_DECIDED
    cooperations: tuple[Mapping[str, object], ...] = ()
    taken: Mapping[str, str] = field(default_factory=dict)
    capacity: Capacity = ROOM


TWO_AND_THREE = Confirmation("T1", "cooling", ("C0001", "C0002"), "decision c")
CASES = [
    pytest.param(
        Case(
            "honoured",
            "together in the proposed twinning",
            "You and City 1 are together",
            partner={"population": 302_883, "applicant_type": "consortium"},
        ),
        id="honoured",
    ),
    pytest.param(
        Case(
            "honoured",
            "together in the confirmed twinning",
            "in the confirmed twinning on cooling",
            constraints=Constraints(
                confirmations=(Confirmation("T1", "cooling", ("C0000", "C0001"), "decision c"),)
            ),
        ),
        id="confirmed together",
    ),
    pytest.param(
        Case("not_applied", "City 1 did not apply", "City 1 did not apply.", status=None), id="did not apply"
    ),
    pytest.param(
        Case("not_applied", "did not apply", ADVICE, status=None, members=()), id="outside the cohort"
    ),
    pytest.param(
        Case("not_eligible", "status ineligible", "has no place in this round.", status="ineligible"),
        id="not eligible",
    ),
    pytest.param(
        Case("not_eligible", "status ineligible", ADVICE, status="ineligible", members=()),
        id="not eligible, outside the cohort",
    ),
    pytest.param(
        Case("not_eligible", "It cannot be selected", "Your city cannot be selected", own="needs_review"),
        id="the applicant itself is not eligible",
    ),
    pytest.param(
        Case(
            "not_eligible",
            "City 1 was withdrawn",
            "City 1 takes no part",
            constraints=Constraints(withdrawals=(Withdrawal("C0001", "decision w"),)),
        ),
        id="withdrawn",
    ),
    pytest.param(
        Case("no_common_topic", "no topic in common", "You and City 1 chose no", partner={"topic_1": "data"}),
        id="no common topic",
    ),
    pytest.param(
        Case(
            "out_of_place",
            "too far for the topic cooling",
            "On every topic you share with City 1, one of you is not known to lie near",
            partner={"topics_out_of_place": ["cooling"]},
        ),
        id="a topic that does not suit the place",
    ),
    pytest.param(
        Case(
            "too_few_hours",
            "share 0 of 8 working hours; a twinning needs 3",
            "Your offices and those of City 1 share 0 of 8 working hours",
            partner={"timezone": "Asia/Tokyo"},
        ),
        id="too few hours",
    ),
    pytest.param(
        Case(
            "works_together_already",
            "already have a funded initiative on the topic cooling",
            "You already work with City 1 in a funded initiative",
            cooperations=(WORKED | {"topic": "cooling", "funded": True},),
        ),
        id="works together already",
    ),
    pytest.param(
        Case(
            "forbidden",
            "A recorded decision keeps them apart",
            "A twinning with City 1 is not possible",
            constraints=Constraints(forbids=(Forbid("C0000", "C0001", None, "decision f"),)),
        ),
        id="forbidden",
    ),
    pytest.param(
        Case(
            "already_confirmed",
            "City 1 is in a confirmed twinning with others",
            "City 1 is in a confirmed twinning",
            constraints=Constraints(confirmations=(TWO_AND_THREE,)),
        ),
        id="confirmed with others",
    ),
    pytest.param(
        Case(
            "already_confirmed",
            "City 1 has a place in twinning T9 of an earlier round",
            "City 1 already has a place",
            status="eligible",
            taken={"A0001": "T9"},
        ),
        id="in an earlier round",
    ),
    pytest.param(
        Case(
            "costs_too_much",
            "would cost the whole selection",
            "Other twinnings make the selection as a whole stronger",
            capacity=Capacity(1, 2),
            partner={"total": 1.0},
        ),
        id="costs too much",
    ),
    pytest.param(
        Case(
            "costs_too_much",
            "No twinning with both fits",
            "Other twinnings make the selection as a whole stronger",
            capacity=Capacity(1, 2),
            constraints=Constraints(pins=(Pin("C0002", "C0003", None, "decision p"),)),
        ),
        id="no room beside decisions",
    ),
    pytest.param(
        Case("unknown_city", "neither", ADVICE, named=None, link="none"), id="in no register, did not apply"
    ),
    pytest.param(
        Case("unknown_city", "could be several", "name and country", named=None, link="review"),
        id="could be several",
    ),
    pytest.param(Case("unknown_city", "It named itself", "your own city", named="C0000"), id="itself"),
]


def problem_of(case: Case) -> MatchingProblem:
    """Four cities that all fit together on cooling, with the changes of the case."""
    base = invented(4, 3, capacity=case.capacity, constraints=case.constraints)
    rows = base.candidates.to_dicts()
    alike = {"timezone": "Europe/Brussels", "tentative": False, "topic_2": None, "topic_3": None}
    alike |= {"topic_1": "cooling", "topic_1_need": 3, "topic_1_experience": 3}
    alike |= {"latitude": 50.85, "longitude": 4.35}
    for n, row in enumerate(rows):
        row.update(alike | {"total": 90.0 if n > 1 else 60.0} | (dict(case.partner) if n == 1 else {}))
    out = {"A0001"} if case.status != "eligible" or case.taken else set()
    out |= {"A0000"} if case.own != "eligible" else set()
    frame = pl.DataFrame(rows, base.candidates.schema).filter(~pl.col("application_id").is_in(list(out)))
    named = {"application_id": "A0000", "choice": 1, "city_name": "typed", "city_id": case.named}
    return replace(
        base,
        candidates=frame,
        preferences=NAMED_PARTNERS.frame([named | {"outcome": case.link, "evidence": "test"}]),
        cooperations=COOPERATIONS.frame([dict(row) for row in case.cooperations]),
    )


def answer_to(case: Case) -> dict[str, object]:
    problem = problem_of(case)
    applied = [k for k in range(4) if k != 1 or case.status]
    status = {0: case.own, 1: case.status}
    judged = [
        {"application_id": f"A{k:04d}", "city_id": f"C{k:04d}", "status": status.get(k, "eligible")}
        for k in applied
    ]
    known = known_cities(
        pl.DataFrame(judged),
        pl.DataFrame([{"city_id": f"C{k:04d}", "city_name": f"City {k}"} for k in applied]),
        pl.DataFrame(
            [
                {"utm_id": f"C{k:04d}", "name": f"City {k}", "status": "member"}
                for k in range(4)
                if f"C{k:04d}" in case.members
            ],
            {"utm_id": pl.String, "name": pl.String, "status": pl.String},
        ),
        case.taken,
    )
    (row,) = preferences_table(problem.preferences, match(problem).preferences, known).to_dicts()
    return row


@pytest.mark.parametrize("case", CASES)
def test_a_preference_is_answered(case: Case) -> None:
    row = answer_to(case)
    assert row["outcome"] == case.outcome
    assert case.reason in str(row["reason"])
    assert case.told in str(row["message"])
    assert "points" not in str(row["message"])
    assert ("FAQ 3.7" in str(row["message"])) == (case.told == ADVICE or case.link == "review")


def test_every_outcome_but_the_worth_of_a_group_has_a_case() -> None:
    covered = {case.values[0].outcome for case in CASES}  # type: ignore[attr-defined]
    assert set(PREFERENCE_OUTCOMES) - covered == {"below_minimum_worth"}
