"""One name against a small register: what links, what a person decides, what is none, and why."""

from __future__ import annotations

from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.linking import LinkingRules
from tasks.crosscheck.linkage.index import RegisterIndex
from tasks.crosscheck.linkage.linker import LINK_SCHEMA, link_names
from tests.examples import examples
from tests.tasks.crosscheck.making import Ask

CASES = {
    "another case and no diacritics": ("KOBENHAVN", "DNK", {}, "linked", "R7"),
    "an exonym": ("Copenhagen", "DNK", {}, "linked", "R7"),
    "another script": ("Αθήνα", "GRC", {}, "linked", "R10"),
    "a script the gazetteer's aliases lack": ("アテネ市", "GRC", {}, "linked", "R10"),
    "a typing error": ("Copenhagn", "DNK", {}, "linked", "R7"),
    "mojibake": ("CÄƒlÄƒraÈ™i", "ROU", {}, "linked", "R11"),
    "the state after a comma": ("Portland, Oregon", "USA", {}, "linked", "R4"),
    "another state after a comma": ("Portland, ME", "USA", {}, "none", None),
    "another state in its column": ("Portland", "USA", {"region": "Maine"}, "none", None),
    "two states have it and none is named": ("Springfield", "USA", {}, "review", None),
    "two states have it and one is named": ("Springfield, Massachusetts", "USA", {}, "linked", "R6"),
    "a small place of the same name": ("Călărași", "ROU", {"population": 2_383}, "review", None),
    "the place itself by its population": ("Călărași", "ROU", {"population": 66_000}, "linked", "R11"),
    "a name that is exactly another place": ("Frankfurt (Oder)", "DEU", {}, "none", None),
    "a near name that is another place": ("Savignano sul Panaro", "ITA", {}, "none", None),
    "a county is not its city": ("County Cork", "IRL", {}, "review", None),
    "the text names another country": ("Torino, Argentina", "ITA", {}, "review", None),
    "a code of another country": ("Torino, UK", "ITA", {}, "review", None),
    "a state of another country": ("Torino, Texas", "ITA", {}, "review", None),
    "its own country behind a comma": ("Portland, United States of America", "USA", {}, "linked", "R4"),
    "its own country without a comma": ("Torino Italia", "ITA", {}, "linked", "R1"),
    "two cities": ("Torino - Milano", "ITA", {}, "review", None),
    "two cities, a list": ("Torino / Milano", "ITA", {}, "review", None),
    "two cities, a list of another sign": ("Torino; Milano", "ITA", {}, "review", None),
    "two cities joined by a sign": ("Torino & Milano", "ITA", {}, "review", None),
    "a city and its region behind a stroke": ("Torino / Piemonte", "ITA", {}, "linked", "R1"),
    "two cities behind a comma": ("Torino, Milano", "ITA", {}, "review", None),
    "something unknown and a city": ("ACME GmbH, Dresden", "DEU", {}, "review", None),
    "something unknown and a city with a hyphen": ("Foobar-Dresden", "DEU", {}, "review", None),
    "a short unknown word": ("ABC Dresden", "DEU", {"population": 551_072}, "review", None),
    "a short unknown word behind": ("Dresden QXT", "DEU", {"population": 551_072}, "review", None),
    "initials with points": ("D.S.N. Council", "DEU", {"population": 551_072}, "review", None),
    "initials in small letters": ("dsn council", "DEU", {"population": 551_072}, "review", None),
    "two cities and a word": ("Dresden und Frankfurt am Main", "DEU", {}, "review", None),
    "a low line between two words": ("Foobar_Dresden", "DEU", {}, "review", None),
    "a company in brackets": ("Dresden (ACME GmbH)", "DEU", {}, "review", None),
    "the code of a state abroad": ("Dresden, TN", "DEU", {}, "review", None),
    "its own country in front": ("Deutschland - Dresden", "DEU", {}, "linked", "R20"),
    "a city that is a part of a larger body": ("Dresden within Climate Council", "DEU", {}, "linked", "R20"),
    "a city named as such behind an unknown text": ("Foobar, Comune di Cuneo", "ITA", {}, "none", None),
    "an office and no comma": ("Climate Office City of Dresden", "DEU", {}, "linked", "R20"),
    "an office of the city": (
        "Department of Environment, Municipality of Dresden",
        "DEU",
        {},
        "linked",
        "R20",
    ),
    "a lost letter": ("K?benhavn", "DNK", {}, "linked", "R7"),
    "a lost letter as a sign": ("K\ufffdbenhavn", "DNK", {}, "linked", "R7"),
    "UTF-8 read as Windows-1250": ("KĂ¸benhavn", "DNK", {}, "linked", "R7"),
    "Mac Roman read as Windows-1252": ("K¿benhavn", "DNK", {}, "linked", "R7"),
    "the genitive of the inhabitants": ("Δήμος Αθηναίων", "GRC", {}, "linked", "R10"),
    "an everyday abbreviation": ("м. Київ", "UKR", {}, "linked", "R22"),
    "no name": ("null", "ITA", {}, "none", None),
    "another no name": ("n/a", "ITA", {}, "none", None),
    "an unknown body of the place": ("The Executive Council of Dresden", "DEU", {}, "review", None),
    "initials and the very inhabitants": ("DSN Council", "DEU", {"population": 551_072}, "review", None),
    "the right name in the wrong country": ("Torino", "ESP", {}, "none", None),
    "one of two names of a joint row": ("Trento - Rovereto", "ITA", {}, "linked", "R12"),
    "a row whose position and population are of another place": (
        "Riós",
        "ESP",
        {"population": 2_151},
        "review",
        None,
    ),
    "the same without a population": ("Riós", "ESP", {}, "linked", "R14"),
    "a row with the population of another place, as a municipality": (
        "Comune di San Prospero",
        "ITA",
        {"population": 1_160},
        "linked",
        "R15",
    ),
    "the same, but perhaps a hamlet": ("San Prospero", "ITA", {"population": 1_160}, "review", None),
    "a population that another place fits better": (
        "San Prospero",
        "ITA",
        {"population": 2_874},
        "review",
        None,
    ),
    "that place is of another state": (
        "San Prospero, Parma",
        "ITA",
        {"population": 198_000},
        "linked",
        "R15",
    ),
    "a typing error in a name that smaller places share": ("Lasing", "USA", {}, "linked", "R16"),
    "two names of one city side by side": ("Durban Ethekwini", "ZAF", {}, "linked", "R17"),
    "administrative words in an unheard-of order": (
        "Assembly Local Durban Authority",
        "ZAF",
        {},
        "linked",
        "R17",
    ),
    "a name among unknown words": ("Klimarat Dresden", "DEU", {}, "review", None),
    "a name beside another place": ("Dresden Altona", "DEU", {}, "none", None),
    "a case that changes the stem": ("Lahden kaupunki", "FIN", {}, "linked", "R18"),
    "a case of another language": ("Københavns Kommune", "DNK", {}, "linked", "R7"),
    "the row itself names another country": ("Lille, France", "BEL", {}, "linked", "R19"),
    "a state that is not the row's, where several places have the name": (
        "Juárez, Nuevo León",
        "MEX",
        {},
        "review",
        None,
    ),
    "the row's own state": ("Juárez (Chihuahua)", "MEX", {}, "linked", "R21"),
    "a kind of place in brackets": ("Juárez (city)", "MEX", {}, "linked", "R21"),
    "a numbered district": ("Dresden 3", "DEU", {}, "review", None),
    "the province of a city": ("Provincia di Torino", "ITA", {}, "review", None),
    "an adjective in Cyrillic": ("Київська міська рада", "UKR", {}, "linked", "R22"),
    "a place no gazetteer knows": ("City of Zzyzxville Nowhere", "USA", {}, "linked", "R13"),
}


@pytest.mark.parametrize(
    ("name", "country", "more", "outcome", "register_id"), CASES.values(), ids=CASES.keys()
)
def test_one_name(
    name: str, country: str, more: dict[str, object], outcome: str, register_id: str | None, ask: Ask
) -> None:
    answer = ask(name, country, **more)
    assert (answer["outcome"], answer["register_id"]) == (outcome, register_id), answer["evidence"]
    assert answer["evidence"]


HOSTILE = {
    "nothing": None,
    "empty": "",
    "spaces": " \t\n ",
    "ten thousand letters": "a" * 10_000,
    "ten thousand words": "Comune di " * 1_000,
    "control characters": "To\x00ri\x07no\x1b[31m",
    "administrative words only": "Municipality of the City of",
    "signs only": "((((,,,////----",
    "right to left": "\u202eonitroT مدينة",
    "a lone surrogate's escape": "<U+D800>",
    "a bracket that never closes": "Torino (",
    "an injection": "'; DROP TABLE cohort; --",
    "a pattern": ".*(a+)+$",
    "a formula": "=cmd|' /C calc'!A0",
    "emoji": "🏙️🏙️🏙️",
    "an unassigned code point": "\U000e0fff",
}


COUNTRIES = ["ITA", "XXX", "", None]


@pytest.fixture(scope="module")
def hostile(index: RegisterIndex, rules: LinkingRules) -> dict[tuple[str, str | None], dict[str, object]]:
    """The answers to every hostile name in every country, all asked together."""
    asked = [(kind, country) for kind in HOSTILE for country in COUNTRIES]
    rows = [(str(n), HOSTILE[kind], country) for n, (kind, country) in enumerate(asked)]
    frame = pl.DataFrame(
        rows, schema={"query_id": pl.String, "name": pl.String, "country_iso3": pl.String}, orient="row"
    )
    return dict(zip(asked, link_names(frame, index, rules).iter_rows(named=True), strict=True))


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("country", COUNTRIES)
def test_no_name_is_an_exception(
    kind: str, country: str | None, hostile: dict[tuple[str, str | None], dict[str, object]]
) -> None:
    answer = hostile[kind, country]
    assert answer["outcome"] in {"linked", "review", "none"}
    assert answer["evidence"]
    if country != "ITA":
        assert answer["outcome"] == "none"


def test_reasons_for_nothing_are_told_apart(ask: Ask) -> None:
    assert "country" in str(ask("Torino", None)["evidence"])
    assert "letter" in str(ask("!!!", "ITA")["evidence"])
    assert "no row" in str(ask("Qqqqqqq", "ITA")["evidence"])


def test_a_city_listed_twice_is_one_city_and_says_so(ask: Ask) -> None:
    answer = ask("Savigliano", "ITA")
    assert (answer["outcome"], answer["register_id"]) == ("linked", "R3")
    assert "2 rows of the register are this city" in str(answer["evidence"])


def test_a_person_sees_the_candidates_best_first(ask: Ask) -> None:
    answer = ask("Springfield", "USA")
    candidates = answer["candidates"]
    assert isinstance(candidates, list)
    assert {row["register_id"] for row in candidates} == {"R5", "R6"}
    assert all(one["points"] >= other["points"] for one, other in pairwise(candidates))
    assert "Springfield, MA" in str(answer["evidence"])


def test_rows_keep_their_order_and_columns(index: RegisterIndex, rules: LinkingRules) -> None:
    names = ["Torino", "", "Atene", "Zzz", None, "Torino"]
    asked = pl.DataFrame(
        {
            "query_id": [f"q{9 - n}" for n in range(6)],
            "name": names,
            "country_iso3": ["ITA", "ITA", "GRC", "GRC", None, "ITA"],
        }
    )
    answers = link_names(asked, index, rules)
    assert answers["query_id"].to_list() == asked["query_id"].to_list()
    assert answers.schema == LINK_SCHEMA
    assert answers["register_id"].to_list() == ["R1", None, "R10", None, None, "R1"]


def test_no_names_give_no_rows(index: RegisterIndex, rules: LinkingRules) -> None:
    none = pl.DataFrame(schema={"query_id": pl.String, "name": pl.String, "country_iso3": pl.String})
    assert link_names(none, index, rules).schema == LINK_SCHEMA


@settings(max_examples=examples(3))
@given(
    names=st.lists(
        st.tuples(st.text(max_size=60), st.sampled_from(["ITA", "USA", "GRC", None])), min_size=1, max_size=3
    )
)
def test_any_text_has_an_outcome_whatever_stands_beside_it(
    names: list[tuple[str, str | None]], index: RegisterIndex, rules: LinkingRules
) -> None:
    rows = [(str(n), name, country) for n, (name, country) in enumerate(names)]
    asked = pl.DataFrame(
        rows, schema={"query_id": pl.String, "name": pl.String, "country_iso3": pl.String}, orient="row"
    )
    together = link_names(asked, index, rules)
    assert together.height == len(names)
    assert together["confidence"].is_between(0, 1).all()
    alone = pl.concat([link_names(asked[n : n + 1], index, rules) for n in range(len(names))])
    assert together.drop("confidence", "candidates").equals(alone.drop("confidence", "candidates"))
