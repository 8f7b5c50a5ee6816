"""What a version means for each application: the kind of its letter, and the facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from programme.letter_vocabulary import LETTER_KINDS
from programme.programme import Programme
from tasks.letters.news import News
from tasks.letters.results import moved_news, news_of_version
from tasks.letters.sources import Consents, Contact
from tests.tasks.letters.making import (
    application,
    check,
    every_kind,
    preference,
    sources,
    status,
    twinning,
    unplaced,
)


def by_name(programme: Programme, rows: dict[str, Any] | None = None, **more: Any) -> dict[str, News]:
    return {news.application_id: news for news in news_of_version(sources(programme, rows, **more))}


def test_every_application_has_one_letter_of_its_kind(programme: Programme) -> None:
    found = {name: news.kind for name, news in by_name(programme).items()}
    assert found == {
        "A": "selected",
        "B": "selected_on_condition",
        "W": "waiting_list",
        "N": "not_selected",
        "I": "ineligible",
        "U": "undecided",
        "L": "late",
        "S": "superseded",
        "X": "set_aside",
        "G": "withdrawn",
    }
    assert set(found.values()) == set(LETTER_KINDS)


def test_a_selected_city_learns_topic_partner_and_contact(programme: Programme) -> None:
    news = by_name(programme)["A"]
    assert news.place is not None
    (partner,) = news.place.partners
    assert (news.place.topic, news.place.shared_minutes) == ("Data management", 210)
    assert (partner.city, partner.country, partner.conditional, partner.named) == (
        "City B",
        "Kenya",
        True,
        True,
    )
    assert partner.contact == Contact("Person B", "b@example.org", "Lead")
    assert news.preferences == ()


CONSENTS = [
    pytest.param(Consents(frozenset("AB")), True, id="both forms agree"),
    pytest.param(Consents(frozenset("A")), False, id="the partner does not"),
    pytest.param(Consents(frozenset("B")), False, id="the reader does not"),
    pytest.param(Consents(frozenset("A"), frozenset("B")), True, id="the office says so of the partner"),
    pytest.param(Consents(frozenset(), frozenset("B")), False, id="of the partner alone"),
    pytest.param(Consents(everybody=True), True, id="the office says so of everybody"),
    pytest.param(Consents(), False, id="nobody agrees"),
]


@pytest.mark.parametrize(("consents", "given"), CONSENTS)
def test_a_contact_is_given_only_where_both_agree(
    consents: Consents, given: bool, programme: Programme
) -> None:
    news = by_name(programme, consents=consents)["A"]
    assert news.place is not None
    assert (news.place.partners[0].contact is not None) == given


def test_a_contact_without_an_address_is_not_given(programme: Programme) -> None:
    news = by_name(programme, contacts={"B": Contact("Person B")})["A"]
    assert news.place is not None
    assert news.place.partners[0].contact is None


def test_a_condition_is_told_with_its_last_day(programme: Programme) -> None:
    news = by_name(programme)["B"]
    assert [(point.rule, point.message, point.due) for point in news.points] == [
        ("gcom", "It has to sign.", date(2026, 5, 16))
    ]


def test_a_confirmed_city_that_can_no_longer_take_part_is_told_what_is_open(programme: Programme) -> None:
    rows = every_kind()
    rows["eligibility"][0] = status("A", "ineligible")
    rows["eligibility_checks"].append(check("A", "cohort", "not_met", "Not accepted."))
    news = by_name(programme, rows)["A"]
    assert (news.kind, [point.message for point in news.points]) == (
        "selected_on_condition",
        ["Not accepted."],
    )


def test_every_rule_that_is_not_met_has_its_clause_and_what_can_be_done(programme: Programme) -> None:
    news = by_name(programme)["I"]
    assert [(point.title, point.clause) for point in news.points] == [("Climate plan", "3.2")]
    assert news.points[0].remedy == programme.letters.results.remedies["climate_plan"]
    assert [point.message for point in news.also_open] == ["Tell us about the mandate."]


def test_rules_that_ask_for_the_same_thing_are_told_once(programme: Programme) -> None:
    rows = every_kind()
    rows["eligibility_checks"].append(check("U", "mandate", "unclear", "Say more."))
    assert len(by_name(programme, rows)["U"].points) == 1


def test_the_place_on_the_waiting_list_is_by_what_the_selection_would_lose(programme: Programme) -> None:
    names = ("P", "Q", "R", "Z")
    regrets = (3.0, 1.0, 1.0, None)
    rows = {
        "applications": [application(name) for name in names],
        "eligibility": [status(name, "eligible") for name in names],
        "unplaced": [unplaced(name, "capacity", regret) for name, regret in zip(names, regrets, strict=True)],
    }
    found = by_name(programme, rows)
    assert [found[name].waiting_place for name in names] == [3, 1, 1, None]
    assert {news.waiting for news in found.values()} == {4}
    assert [found[name].waiting_with for name in names] == [0, 1, 1, 0]


@pytest.mark.parametrize(
    ("kind", "letter"),
    [
        ("no_partner", "not_selected"),
        ("below_minimum_worth", "not_selected"),
        ("better_twinnings", "waiting_list"),
        ("capacity", "waiting_list"),
        ("balance", "waiting_list"),
        ("decisions", "not_selected"),
        ("withdrawn", "withdrawn"),
        ("same_city", "not_selected"),
        ("earlier_twinning", "not_selected"),
    ],
)
def test_the_true_reason_decides_the_letter(kind: str, letter: str, programme: Programme) -> None:
    rows = every_kind() | {"unplaced": [unplaced("N", kind), unplaced("W", "capacity")]}
    assert by_name(programme, rows)["N"].kind == letter


@pytest.mark.parametrize(
    ("removed_by", "topics", "advised"),
    [
        ("common_topic 9, shared_hours 2", 1, True),
        ("common_topic 9", 3, False),
        ("shared_hours 2", 1, False),
        (None, 1, False),
    ],
)
def test_what_would_have_sufficed_is_told_where_it_is_known(
    removed_by: str | None, topics: int, advised: bool, programme: Programme
) -> None:
    named = {f"topic_{n}": "data" for n in range(1, topics + 1)}
    rows = every_kind() | {
        "unplaced": [unplaced("N", "no_partner", None, removed_by), unplaced("W", "capacity")]
    }
    rows["applications"][3] = application("N", **named)
    advice = by_name(programme, rows)["N"].advice
    assert bool(advice) == advised
    assert not advised or f"You named {topics} of 3 possible topics." in advice[0]


def test_the_change_that_would_have_sufficed_is_told_in_the_words_of_the_table(programme: Programme) -> None:
    words = "A slightly better evaluation of your application would have been enough."
    why = unplaced("N", "no_partner") | {"sufficient_change": words}
    rows = every_kind() | {"unplaced": [why, unplaced("W", "capacity")]}
    assert by_name(programme, rows)["N"].advice == (words,)
    assert by_name(programme, rows)["W"].advice == ()


def test_other_forms_are_told_what_became_of_them(programme: Programme) -> None:
    found = by_name(programme, typed_cities={"X": "Typed"})
    assert found["S"].stands == "A"
    assert found["X"].lacking == ("the name of the city that applies",)
    assert found["X"].city == "Typed"
    assert str(found["L"].received) == "2026-01-09 10:00:00+01:00"
    assert [point.message for point in found["L"].points] == ["Your form arrived after the deadline."]


def test_news_is_the_same_as_long_as_its_facts_are(programme: Programme) -> None:
    before = by_name(programme)
    assert {name: news.id for name, news in by_name(programme).items()} == {
        name: news.id for name, news in before.items()
    }
    counted = every_kind()
    counted["unplaced"][1]["message"] = "Why no_partner, of 33 others."
    assert by_name(programme, counted)["N"].id == before["N"].id
    assert by_name(programme, contacts={"A": Contact("Other", "o@example.org")})["A"].id != before["A"].id


CHANGED = [
    pytest.param("A", lambda rows: rows.update(twinning("T1", {"A": (5, 1), "W": (1, 5)})), id="partner"),
    pytest.param("A", lambda rows: rows["twinnings"][0].update(topic="finance"), id="topic"),
    pytest.param("B", lambda rows: rows["eligibility_checks"][0].update(message="Other."), id="condition"),
    pytest.param("I", lambda rows: rows["eligibility_checks"][1].update(rule="topic"), id="rule"),
    pytest.param("S", lambda rows: rows["applications"][7].update(superseded_by="B"), id="form"),
    pytest.param("N", lambda rows: rows["unplaced"][1].update(kind="below_minimum_worth"), id="reason"),
]


@pytest.mark.parametrize(("name", "change"), CHANGED)
def test_another_fact_is_other_news(name: str, change: Any, programme: Programme) -> None:
    before = by_name(programme)
    rows = every_kind()
    change(rows)
    after = by_name(programme, rows)
    assert after[name].id != before[name].id
    moved = moved_news(sources(programme), sources(programme, rows))
    assert name in moved
    assert moved == {one for one in after if after[one].id != before[one].id}


def test_who_declined_and_was_withdrawn_is_told_so(programme: Programme) -> None:
    found = by_name(programme, declined=frozenset({"A", "G"}))
    assert [found[name].declined for name in ("A", "G")] == [False, True]


def test_names_in_news_are_clean(programme: Programme) -> None:
    rows = every_kind()
    rows["applications"][0]["city_name"] = "=?utf-8?q?=0D=0ABcc:_x?=\u202e"
    assert by_name(programme, rows)["A"].city == "Bcc: x"


def test_a_preference_that_was_not_granted_is_told(programme: Programme) -> None:
    rows = every_kind()
    rows["preferences"].append(preference("A", "CZ", "not_applied", 2))
    assert by_name(programme, rows)["A"].preferences == ("What became of choice 2.",)


def test_who_sent_the_form_is_no_news(programme: Programme) -> None:
    one = by_name(programme)["W"]
    assert replace(one, contact=Contact("Other")).id == one.id
