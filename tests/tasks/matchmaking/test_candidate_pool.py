"""The candidates of a round and the remaining capacity."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tasks.matchmaking.candidate_pool import candidate_pool
from warehouse.dictionary.inputs import DECISIONS, SUBMISSIONS
from warehouse.dictionary.other_rounds import EARLIER
from warehouse.dictionary.published import APPLICATIONS, ELIGIBILITY, RANKING
from warehouse.dictionary.working import CANDIDATES, CITIES

STATUSES = {"S1": "eligible", "S2": "tentative", "S3": "needs_review", "S4": "ineligible"}
FORM = {
    "row": 2,
    "city_name": "as typed",
    "country": "Kenya",
    "applicant_type": "city",
    "population": 1,
    "jurisdiction": "full",
    "topic_1": "cooling",
    "topic_1_need": 4,
    "topic_1_experience": 2,
    "topic_2": "other",
    "topic_2_need": 5,
    "topic_3": "ports",
}
THEN = {
    "round": "2025-07",
    "twinning_id": "T1",
    "city_id": "KEN:s1",
    "city_name": "S1",
    "country_iso3": "KEN",
    "gcom_id": None,
}


def city(key):
    """A city of Kenya, named after its application."""
    id_ = f"KEN:{key.lower()}"
    return {
        "application_id": key,
        "city_id": id_,
        "name_key": id_,
        "city_name": key,
        "country_iso3": "KEN",
    }


def application(key):
    """An accepted application of such a city."""
    told = {"state": "accepted", "population": 90_000, "applicant_type": "city", "topic_1": "cooling"}
    return {name: value for name, value in city(key).items() if name != "name_key"} | told


@pytest.fixture(scope="session")
def pool(programme):
    """Makes the candidate pool of a call, given the cities of confirmed twinnings of earlier rounds."""

    def make(earlier=(), round_="2026-01", decisions=None, **cities):
        eligibility = [
            {"application_id": key, "city_id": city(key)["city_id"], "status": status, "reasons": ""}
            for key, status in STATUSES.items()
        ]
        ranking = [
            {"application_id": key, "total": total, "rank": rank, "provisional": False, "disputed": False}
            for rank, (key, total) in enumerate((("S1", 70.0), ("S2", 60.0)), 1)
        ]
        return candidate_pool(
            (APPLICATIONS.frame([application(key) for key in STATUSES]), ELIGIBILITY.frame(eligibility)),
            RANKING.frame(ranking),
            SUBMISSIONS.frame([FORM | {"submission_id": key} for key in STATUSES]),
            CITIES.frame([city(key) | cities.get(key, {}) for key in STATUSES]),
            EARLIER.frame(list(earlier)),
            programme,
            programme.rounds.get(round_),
            decisions,
        )

    return make


def test_only_ranked_applications_take_part_with_their_form_and_the_registers_word(pool):
    candidates = pool().candidates
    assert candidates.schema == CANDIDATES.schema
    assert candidates.select("application_id", "tentative", "total").rows() == [
        ("S1", False, 70.0),
        ("S2", True, 60.0),
    ]
    first = candidates.row(0, named=True)
    assert (first["city_name"], first["population"], first["jurisdiction"]) == ("S1", 90_000, "full")


def test_a_topic_outside_the_twelve_is_none(pool):
    first = pool().candidates.row(0, named=True)
    assert (first["topic_1"], first["topic_2"], first["topic_3"]) == ("cooling", None, "ports")
    assert (first["topic_1_need"], first["topic_1_experience"]) == (4, 2)


def several(n, cities=2):
    return [
        THEN | {"twinning_id": f"T{t}", "city_id": f"X{t}-{c}", "city_name": f"Elsewhere {t} {c}"}
        for t in range(n)
        for c in range(cities)
    ]


CAPACITIES = [
    ("first call", "2025-07", [], 9, 24),
    ("second call, nothing confirmed", "2026-01", [], 20, 50),
    ("what nine pairs leave", "2026-01", several(9), 11, 32),
    ("what eight threes leave", "2026-01", several(8, 3), 12, 26),
    ("the round's own numbers where they are smaller", "2025-07", several(2), 9, 24),
    ("nothing left", "2026-01", several(20, 3), 0, 0),
]


@pytest.mark.parametrize(
    ("round_", "earlier", "twinnings", "cities"), [pytest.param(*each[1:], id=each[0]) for each in CAPACITIES]
)
def test_the_remaining_capacity(round_, earlier, twinnings, cities, pool):
    found = pool(earlier, round_)
    assert (found.max_twinnings, found.max_cities) == (twinnings, cities)


TAKEN = [
    ("by its name", {}, {}, {"S1": "T1"}),
    (
        "by its GCoM row",
        {"city_id": "U1", "name_key": "KEN:else", "city_name": "Else", "gcom_id": "G1"},
        {"gcom_id": "G1"},
        {"S1": "T1"},
    ),
    (
        "a namesake with a GCoM row of its own",
        {"gcom_id": "G1", "city_id": "G1"},
        {"gcom_id": "G2", "city_id": "G2"},
        {},
    ),
    (
        "a city of that name in another country",
        {"country_iso3": "UGA", "name_key": "UGA:s1", "city_id": "UGA:s1"},
        {},
        {},
    ),
]


@pytest.mark.parametrize(("now", "then", "taken"), [pytest.param(*each[1:], id=each[0]) for each in TAKEN])
def test_a_city_that_is_taken_is_no_candidate(now, then, taken, pool):
    found = pool([THEN | then], S1=now)
    assert found.taken == taken
    assert ("S1" in found.candidates["application_id"].to_list()) == (not taken)
    assert found.findings.is_empty()


def test_an_id_given_to_another_city_since_is_told_and_takes_nobody_out(pool):
    found = pool([THEN | {"city_id": "U1", "city_name": "Zanzibar"}], S1={"city_id": "U1"})
    assert found.taken == {}
    assert found.findings["message"].to_list() == [
        "The id U1 names S1 here and Zanzibar in round 2025-07; they are taken for two cities."
    ]


def test_of_two_earlier_twinnings_the_latest_is_named(pool):
    assert pool([THEN | {"round": "2025-09", "twinning_id": "T0"}, THEN]).taken == {"S1": "T0"}


AT = datetime(2025, 9, 20, tzinfo=UTC)
OTHER = THEN | {"confirmed_at": AT, "published": False}


def confirm(hours):
    """A confirmation of S1's twinning in this round, made so many hours after the other round's."""
    return DECISIONS.frame(
        [
            {
                "decision_id": "d1",
                "kind": "confirm",
                "subject": "T9",
                "topic": "cooling",
                "members": "S1=KEN:s1; S2=KEN:s2",
                "decided_at": AT + timedelta(hours=hours),
            }
        ]
    )


CONFIRMED_TWICE = [
    ("here first, there not published", -1, False, {}, 0),
    ("here first, there published: it had left here", -1, True, {"S1": "T1"}, 0),
    ("there first", 1, False, {"S1": "T1"}, 1),
    ("there first and published", 1, True, {"S1": "T1"}, 1),
    ("at the same moment the earlier round holds", 0, False, {"S1": "T1"}, 1),
]


@pytest.mark.parametrize(
    ("hours", "published", "taken", "stops"),
    [pytest.param(*each[1:], id=each[0]) for each in CONFIRMED_TWICE],
)
def test_a_city_confirmed_in_two_rounds(hours, published, taken, stops, pool):
    found = pool([OTHER | {"published": published}], decisions=confirm(hours))
    assert found.taken == taken
    assert found.max_twinnings == (19 if taken else 20)
    told = found.findings.filter(severity="stop")["message"].to_list()
    assert len(told) == stops
    for text in told:
        assert "T9" in text
        assert "T1 of round 2025-07" in text
        assert "city2city decide 2026-01 undo d1, or city2city decide 2025-07 release T1." in text


def test_why_somebody_is_no_candidate(pool):
    assert pool([THEN]).whereabouts.absences == {
        "S1": "it is in the confirmed twinning T1 of round 2025-07",
        "S3": "its application needs a review",
        "S4": "it is ineligible",
    }
