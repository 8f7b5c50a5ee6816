"""The postscript about preferred partners that are not in the cohort (FAQ 3.7)."""

from __future__ import annotations

import pytest

from programme.programme import Programme
from tasks.eligibility.partner_advice import partners_outside_cohort
from tasks.eligibility.scan_letters import letter_drafts
from tests.tasks.eligibility.test_scan_letters import COHORT, MANDATE, PLAN, forms, make, read
from warehouse.dictionary.inputs import COHORT as REGISTER
from warehouse.dictionary.working import NAMED_PARTNERS


def named(choice: int, name: str, city: str | None, outcome: str = "linked") -> dict[str, object]:
    row = {"application_id": "S1", "choice": choice, "city_name": name, "city_id": city}
    return row | {"outcome": outcome, "evidence": "test"}


CASES = [
    pytest.param([named(1, "Turku", "UTM1")], (), id="member"),
    pytest.param([named(1, "Oulu", "UTM2")], (), id="to be accepted"),
    pytest.param([named(1, "Vaasa", "UTM3")], ("Vaasa",), id="rejected"),
    pytest.param([named(1, "Kotka", "FI0001")], ("Kotka",), id="only in the GCoM"),
    pytest.param([named(1, "Rauma", None, "none")], ("Rauma",), id="in no register"),
    pytest.param([named(1, "Lahti", None, "review")], (), id="could be several"),
    pytest.param(
        [named(2, "Kotka", "FI0001"), named(1, "Rauma", None, "none")], ("Rauma", "Kotka"), id="both"
    ),
]


@pytest.mark.parametrize(("rows", "outside"), CASES)
def test_only_partners_that_are_surely_outside_the_cohort(rows, outside: tuple[str, ...]) -> None:
    status = {"UTM1": "member", "UTM2": "pending", "UTM3": "rejected"}
    register = REGISTER.frame(
        [
            {"row": n, "utm_id": id_, "name": id_, "country": "Finland", "status": one}
            for n, (id_, one) in enumerate(status.items())
        ]
    )
    found = partners_outside_cohort(NAMED_PARTNERS.frame(rows), register)
    assert found == ({"S1": outside} if outside else {})


def test_the_letter_ends_with_the_advice(programme: Programme) -> None:
    points = [MANDATE, COHORT, PLAN]
    plain, other = make(programme, points)
    advised, same = letter_drafts(
        points,
        written=frozenset(),
        submissions=forms(S1=("Ama Example", "ama@example.org"), S2=(None, "not an address")),
        city_names={"S1": "Nairobi", "S2": "Kisumu"},
        round_=programme.rounds.get("2026-01"),
        wording=programme.letters,
        partners={"S1": ["Kotka", "Rauma\nBcc: all"]},
    )
    assert same == other
    (headers, body), (plain_headers, plain_body) = read(advised), read(plain)
    assert headers == plain_headers
    assert body.startswith(plain_body.rstrip())
    added = [line for line in body[len(plain_body.rstrip()) :].splitlines() if line]
    assert [line.split(" as a city")[0] for line in added] == [
        "P.S. You named Kotka",
        "P.S. You named Rauma Bcc: all",
    ]
    assert all("has to join the cohort to take part (FAQ 3.7)" in line for line in added)
