"""What pages say of how firmly a place stands, and of credits."""

from __future__ import annotations

import polars as pl
import pytest

from pages.views.credits import credits_for, credits_of
from pages.views.firmness import firmness_of, in_plans
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
    assert one.plans == "It has a place in 25% of 40 near-equal plans."
    assert one.leaves == "If Lima leaves: nothing fits. That no better change exists is not proven."
    assert (one.enough, one.missing) == ((), ())
    other = firmness_of("A2", PLANS, ENOUGH, LEAVES, placed=False)
    assert other.enough == ("4 points more.",)
    assert other.plans == "It has a place in 25% of 40 sampled near-equal plans."
    assert other.leaves == ""


@pytest.mark.parametrize(
    ("share", "proven", "every_plan", "words"),
    [
        pytest.param(0.0, True, False, "No near-equal plan gives it a place.", id="surely none"),
        pytest.param(1.0, True, True, "Every near-equal plan gives it a place.", id="surely all"),
        pytest.param(
            0.0, False, False, "It has a place in none of 1,000 sampled near-equal plans.", id="none"
        ),
        pytest.param(1.0, False, False, "It has a place in all of 1,000 sampled near-equal plans.", id="all"),
        pytest.param(
            0.001, True, True, "It has a place in less than 1% of 1,000 near-equal plans.", id="few"
        ),
        pytest.param(
            0.999, True, True, "It has a place in more than 99% of 1,000 near-equal plans.", id="most"
        ),
    ],
)
def test_a_share_is_never_rounded_to_none_or_all(
    share: float, proven: bool, every_plan: bool, words: str
) -> None:
    said = {"share": share, "proven": proven, "every_plan": every_plan, "plans": 1000}
    cells = [pl.lit(value).cast(PLANS[name].dtype).alias(name) for name, value in said.items()]
    plans = PLANS.head(1).with_columns(cells)
    assert in_plans(plans, "A1") == words


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
