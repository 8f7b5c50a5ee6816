"""Who must not evaluate whom: each sign by itself, and what dismisses it."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from tasks.scoring.reviews.conflicts import employer, find_conflicts
from warehouse.dictionary.inputs import DECISIONS, EVALUATORS

MAIL = [
    pytest.param("a@city.example", "city.example", id="plain"),
    pytest.param("a@energy.city.example", "city.example", id="department"),
    pytest.param("A.B@City.Example ", "city.example", id="case and blanks"),
    pytest.param("city.example", "city.example", id="the domain alone"),
    pytest.param("a@joburg.gov.za", "joburg.gov.za", id="shared second level"),
    pytest.param("a@mail.joburg.gov.za", "joburg.gov.za", id="department below a shared second level"),
    pytest.param("a@nyc.gov", "nyc.gov", id="a shared word as top level"),
    pytest.param("climate0 at example.org", "example.org", id="at in words"),
    pytest.param("a@gmail.com", None, id="public provider"),
    pytest.param("a@yahoo.co.uk", None, id="public provider below a shared level"),
    pytest.param("nonsense", None, id="no domain"),
    pytest.param("", None, id="blank"),
    pytest.param(None, None, id="null"),
]


@pytest.mark.parametrize(("address", "expected"), MAIL)
def test_the_employer_of_an_address(address, expected, rubric):
    frame = pl.DataFrame({"mail": [address]}, schema={"mail": pl.String})
    assert frame.select(employer("mail", rubric.assignment)).item() == expected


APPLICATIONS = pl.DataFrame(
    {
        "application_id": ["A1", "A2"],
        "city_id": ["UTM-1", "KEN:kisumu"],
        "country_iso3": ["FRA", "KEN"],
        "contact_email": ["x@nantes.example", "y@gmail.com"],
        "names": [["Nantes", "Ville de Nantes"], ["Kisumu City", "Kisumu"]],
    }
)

TIES = [
    pytest.param({"country_iso3": "FRA"}, [("A1", "same_country")], id="same country"),
    pytest.param({"email": "z@climat.nantes.example"}, [("A1", "employer")], id="same employer"),
    pytest.param({"email": "z@gmail.com"}, [], id="the same mail provider is no employer"),
    pytest.param({"ties": "A2"}, [("A2", "declared_tie")], id="a submission"),
    pytest.param({"ties": "nantes; KISUMU"}, [("A1", "declared_tie"), ("A2", "declared_tie")], id="cities"),
    pytest.param(
        {"ties": "ville de  Nantes | France"},
        [("A1", "declared_tie")],
        id="a city as typed, with its country",
    ),
    pytest.param({"ties": "UTM-1"}, [("A1", "declared_tie")], id="a city id"),
    pytest.param({"ties": "Kenya"}, [("A2", "declared_tie")], id="a country"),
    pytest.param({"ties": "Atlantis; ;"}, [], id="nobody here"),
    pytest.param({}, [], id="nothing said"),
    pytest.param(
        {"country_iso3": "KEN", "ties": "Kenya"},
        [("A2", "declared_tie"), ("A2", "same_country")],
        id="two signs",
    ),
]


def evaluators(*rows):
    return EVALUATORS.frame([{"row": n, "evaluator_id": f"E{n}"} | row for n, row in enumerate(rows, 1)])


@pytest.mark.parametrize(("about", "expected"), TIES)
def test_signs_of_a_conflict(about, expected, rubric):
    found = find_conflicts(APPLICATIONS, evaluators(about), DECISIONS.empty(), rubric.assignment)
    assert found.select("application_id", "kind").rows() == expected
    assert not found["dismissed"].any()


@pytest.mark.parametrize(
    ("subject", "other"),
    [
        pytest.param("E1", "A1", id="evaluator, application"),
        pytest.param("A1", "E1", id="the other way round"),
    ],
)
def test_a_decision_dismisses_a_conflict_of_one_pair_only(subject, other, rubric):
    decision = {
        "decision_id": "d",
        "kind": "no_conflict",
        "subject": subject,
        "object": other,
        "reason": "-",
        "decided_by": "-",
        "decided_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    both = evaluators({"country_iso3": "FRA"}, {"country_iso3": "FRA"})
    found = find_conflicts(APPLICATIONS, both, DECISIONS.frame([decision]), rubric.assignment)
    assert found.select("evaluator_id", "dismissed").rows() == [("E1", True), ("E2", False)]
