"""What pages say of how firmly a place stands, and of credits."""

from __future__ import annotations

import polars as pl

from pages.views.credits import credits_for, credits_of
from pages.views.firmness import firmness_of
from warehouse.dictionary.certificate import MATCHING_FACTS
from warehouse.dictionary.near_selection import ALTERNATIVES, REPAIRS, SUFFICIENT

PLANS = ALTERNATIVES.frame(
    [
        {"kind": "application", "subject": name, "plan": 0, "there": True, "loss": 0.0, "status": "sometimes"}
        | {"share": 0.25, "proven": proven, "plans": 40, "every_plan": proven, "words": "Lima"}
        for name, proven in (("A1", True), ("A2", False))
    ]
)
LEAVES = REPAIRS.frame(
    [
        {
            "application_id": "A1",
            "twinning_id": "T",
            "kind": "shrinks",
            "joins": "",
            "loses": "",
            "members": "",
        }
        | {"topic": None, "loss": 1.0, "proven": False, "words": "If Lima leaves: nothing fits."}
    ]
)
ENOUGH = SUFFICIENT.frame(
    [{"application_id": "A2", "kind": "points", "value": "4", "reason": "4 points more.", "message": "m"}]
)


def test_what_is_known_is_told_of_who_has_a_place_and_who_has_none() -> None:
    one = firmness_of("A1", PLANS, ENOUGH, LEAVES, placed=True)
    assert one.plans == "It has a place in 25% of all 40 near-equal plans."
    assert one.leaves == "If Lima leaves: nothing fits. That no better change exists is not proven."
    assert (one.enough, one.missing) == ((), ())
    other = firmness_of("A2", PLANS, ENOUGH, LEAVES, placed=False)
    assert other.enough == ("4 points more.",)
    assert other.plans == "It has a place in 25% of a sample of 40 near-equal plans (by the sample)."
    assert other.leaves == ""


def test_what_was_not_worked_out_names_its_command() -> None:
    nothing = (ALTERNATIVES.empty(), SUFFICIENT.empty(), REPAIRS.empty())
    assert firmness_of("A1", *nothing, placed=True).missing == ("alternatives", "replace")
    assert firmness_of("A2", *nothing, placed=False).missing == ("alternatives",)


def test_credits_are_told_to_those_whose_class_has_one() -> None:
    source = f"2025-07:3:{'ab' * 32}"
    rows = [
        (source, "credit", "region Oceania", "", 18 * 64),
        (source, "credit", "topic cooling", "", 15 * 64),
        ("A1", "class", "region Oceania", "", 1),
        ("A2", "priority", "", "cooling", 1),
    ]
    facts = pl.DataFrame(rows, schema=MATCHING_FACTS.schema, orient="row")
    assert [one.key for one in credits_of(facts, {})] == ["region Oceania", "topic cooling"]
    (mine,) = credits_for(facts, "A1", {})
    assert mine.words == (
        "Oceania (region) came short in round 2025-07, version 3 (abababababab). "
        "So each unit that it misses again costs 18.00 points more."
    )
    assert [one.name for one in credits_for(facts, "A2", {"cooling": "Cooling"})] == ["Cooling (topic)"]
    assert credits_for(facts, "A3", {}) == []
