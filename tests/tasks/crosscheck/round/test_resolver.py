"""A city as somebody named it: applicants first, then the registers, and whose id it gets."""

from __future__ import annotations

import polars as pl
import pytest

from programme.linking import LinkingRules
from programme.vocabulary import Register
from tasks.crosscheck.linkage.index import RegisterIndex, build_index
from tasks.crosscheck.round.resolver import CityResolver, make_resolver, resolve_cities
from tests.tasks.crosscheck.making import small_gazetteer
from warehouse.dictionary.working import CITIES

REGISTER = ["register_id", "name", "country_iso3"]


@pytest.fixture(scope="module")
def resolver(rules: LinkingRules) -> CityResolver:
    """Torino applied (cohort U1, GCoM G1) and typed "La Mole"; Roma and Alba are in the registers only."""
    gazetteer = small_gazetteer()

    def index(rows: list[tuple[str, str]]) -> RegisterIndex:
        register = pl.DataFrame([(*row, "ITA") for row in rows], schema=REGISTER, orient="row")
        return build_index(register, gazetteer, rules)

    cities = CITIES.frame(
        [
            {
                "application_id": "S1",
                "city_id": "U1",
                "city_name": "Torino",
                "country_iso3": "ITA",
                "cohort_id": "U1",
                "gcom_id": "G1",
                "name_key": "ITA:torino",
            },
            {
                "application_id": "S2",
                "city_id": "ITA:savona",
                "city_name": "Savona",
                "country_iso3": "ITA",
                "name_key": "ITA:savona",
            },
        ]
    )
    typed = pl.DataFrame(
        {"application_id": ["S1", "S2"], "typed": ["La Mole", "Savona"], "population": [870_000, None]}
    )
    cohort = pl.DataFrame({"utm_id": ["U1", "U2"], "gcom_id": [None, "G2"]})
    indexes: dict[Register, RegisterIndex] = {
        "cohort": index([("U1", "Torino"), ("U2", "Roma")]),
        "gcom": index([("G1", "Torino Metropoli"), ("G2", "Urbe Aeterna"), ("G3", "Alba"), ("G4", "Savona")]),
    }
    return make_resolver(cities, typed, cohort, indexes, gazetteer, rules)


CASES = {
    "an applicant": ("Torino", "linked", "U1", "applicants: "),
    "an applicant by another name": ("Turin", "linked", "U1", "applicants: "),
    "an applicant as it typed its name": ("la mole", "linked", "U1", "applicants: "),
    "an applicant without a register's id": ("Savona", "linked", "ITA:savona", "applicants: "),
    "a row of the cohort": ("Roma", "linked", "U2", "cohort: "),
    "a row of the GCoM that the cohort notes": ("Urbe Aeterna", "linked", "U2", "gcom: "),
    "a row of the GCoM alone": ("Alba", "linked", "G3", "gcom: "),
    "nobody": ("Atlantis", "none", None, "no applicant and no register has this city"),
}


@pytest.mark.parametrize(("name", "outcome", "city_id", "words"), CASES.values(), ids=CASES.keys())
def test_a_name(name: str, outcome: str, city_id: str | None, words: str, resolver: CityResolver) -> None:
    names = pl.DataFrame({"query_id": ["q"], "name": [name], "country_iso3": ["ITA"]})
    answer = resolve_cities(names, resolver).row(0, named=True)
    assert (answer["outcome"], answer["city_id"]) == (outcome, city_id)
    assert answer["evidence"].startswith(words)


def test_the_order_is_that_of_the_names(resolver: CityResolver) -> None:
    names = [case[0] for case in CASES.values()]
    asked = pl.DataFrame(
        {"query_id": [f"q{n}" for n in reversed(range(len(names)))], "name": names, "country_iso3": "ITA"}
    )
    answers = resolve_cities(asked, resolver)
    assert answers["query_id"].equals(asked["query_id"])
    assert answers["city_id"].to_list() == [case[2] for case in CASES.values()]


def test_another_country_has_none(resolver: CityResolver) -> None:
    names = pl.DataFrame({"query_id": ["q"], "name": ["Torino"], "country_iso3": ["FRA"]})
    assert resolve_cities(names, resolver)["outcome"].to_list() == ["none"]
