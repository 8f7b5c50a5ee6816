"""How much of the programme is given out, and what keeps cities out."""

from __future__ import annotations

import pytest

from tasks.matchmaking.capacity import GivenOut, capacity_line, given_out, given_out_elsewhere, what_keeps_out
from warehouse.dictionary.other_rounds import EARLIER
from warehouse.dictionary.published import ELIGIBILITY, TWINNING_MEMBERS, TWINNINGS, UNPLACED


def twinnings(confirmed: int, proposed: int, cities: int = 2):
    states = ["confirmed"] * confirmed + ["proposed"] * proposed
    return TWINNINGS.frame(
        [{"twinning_id": f"T{k}", "state": state, "n_cities": cities} for k, state in enumerate(states)]
    )


def test_the_line():
    given = given_out(twinnings(2, 7, 3)) + GivenOut(1, 2)
    assert capacity_line(20, 50, given) == (
        "20 twinnings, 50 cities: 3 confirmed (8 cities), 7 proposed (21 cities), 10 left (21 cities)."
    )


def test_another_rounds_twinning_confirmed_since_is_not_proposed_too():
    held = EARLIER.frame(
        [{"round": "2025-07", "twinning_id": "T0", "city_id": city, "published": False} for city in "ab"]
    )
    assert given_out_elsewhere(held, twinnings(0, 3)) == GivenOut(1, 2, 2, 4)


def tables(placed: int, regrets: list[float | str | None], reviews: int = 0):
    """A regret that is a text stands for the kind of the reason."""
    return {
        "twinnings": twinnings(0, placed),
        "twinning_members": TWINNING_MEMBERS.frame([{"application_id": f"P{k}"} for k in range(2 * placed)]),
        "unplaced": UNPLACED.frame(
            [
                {"application_id": f"U{k}", "reason": "r"}
                | ({"kind": regret} if isinstance(regret, str) else {"regret": regret})
                for k, regret in enumerate(regrets)
            ]
        ),
        "eligibility": ELIGIBILITY.frame(
            [{"application_id": f"R{k}", "status": "needs_review"} for k in range(reviews)]
        ),
    }


KEPT_OUT = [
    ("everybody is placed", (3, []), 0, []),
    (
        "the round is full",
        (9, [1.0, None]),
        0,
        [
            "2 cities could be selected and are not placed: the round gives out all it may (9 twinnings, "
            "24 cities)."
        ],
    ),
    ("confirmed elsewhere", (9, [None]), 1, []),
    (
        "room, and nobody who fits",
        (7, [None, None, 0.5, "below_minimum_worth", "below_minimum_worth"], 1),
        1,
        [
            "There is room for 2 twinnings and 10 cities more in this round.",
            "1 city could be selected and has no partner under the hard rules and the decisions.",
            "2 cities could be selected, but every twinning that is possible for them is below the minimum "
            "worth, so the place stays open.",
            "1 city could be placed only at a loss: a better twinning would have to give way, or the balance "
            "would suffer.",
            "1 application waits for a person.",
        ],
    ),
]


@pytest.mark.parametrize(
    ("made", "taken", "expected"), [pytest.param(*rest, id=name) for name, *rest in KEPT_OUT]
)
def test_what_keeps_the_rest_out(made, taken, expected):
    assert what_keeps_out(tables(*made), 9, 24, taken) == expected
