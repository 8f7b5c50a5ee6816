"""What is shown: each view from tables that hold one thing to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import polars as pl
import pytest

from pages.views.balance import balance
from pages.views.changes import changes
from pages.views.cities import City
from pages.views.evaluators import close_pairs, disputed, severities
from pages.views.findings import MOST_ROWS, finding_groups
from pages.views.funnel import funnel, headline
from pages.views.hours import shared_hours
from pages.views.provenance import Approval, provenance
from pages.views.twinnings import twinning_rows, twinnings
from pages.views.unplaced import not_selectable, unplaced, unplaced_by_kind
from pages.views.waiting import ANSWERS, open_points_text, point_groups
from pages.views.words import (
    ASPECT_NAMES,
    BALANCE_NAMES,
    POINT_NAMES,
    STATE_NAMES,
    STATUS_NAMES,
    UNPLACED_NAMES,
    clock,
    country_name,
    day,
    duration,
    first_sentence,
    moment,
    points,
    signed,
)
from programme import vocabulary
from programme.programme import Programme
from tests.pages.making import made
from warehouse.dictionary import WORKING_TABLES
from warehouse.dictionary.published import CHANGES, FINDINGS


@pytest.mark.parametrize(
    ("names", "words"),
    [
        pytest.param(ASPECT_NAMES, vocabulary.ASPECTS, id="aspects"),
        pytest.param(UNPLACED_NAMES, vocabulary.UNPLACED_KINDS, id="unplaced"),
        pytest.param(STATE_NAMES, vocabulary.STATES, id="states"),
        pytest.param(STATUS_NAMES, vocabulary.STATUSES, id="statuses"),
        pytest.param(POINT_NAMES, vocabulary.OPEN_POINT_KINDS, id="points"),
        pytest.param(ANSWERS, vocabulary.OPEN_POINT_KINDS, id="answers"),
        pytest.param(BALANCE_NAMES, vocabulary.BALANCE_SUBJECTS, id="balance"),
    ],
)
def test_every_fixed_word_has_a_name(names: dict[str, str], words: tuple[str, ...]) -> None:
    assert tuple(names) == words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(points(1234.56), "1,234.6", id="points"),
        pytest.param(points(-6), "−6.0", id="points-below-zero"),
        pytest.param(signed(-0.034), "−0.03", id="signed"),
        pytest.param(signed(0.5), "+0.50", id="signed-above-zero"),
        pytest.param(duration(210), "3 h 30 min", id="duration"),
        pytest.param(duration(240), "4 h", id="whole-hours"),
        pytest.param(clock(25 * 60 + 5), "01:05", id="clock-after-midnight"),
        pytest.param(clock(-30), "23:30", id="clock-before-midnight"),
        pytest.param(day(datetime(2025, 9, 4, tzinfo=UTC)), "4 September 2025", id="day"),
        pytest.param(
            moment(datetime(2025, 9, 4, 7, 5, tzinfo=UTC)), "4 September 2025, 07:05 UTC", id="moment"
        ),
        pytest.param(country_name("CIV"), "Côte d’Ivoire", id="country"),
        pytest.param(country_name("XXX"), "XXX", id="country-without-a-name"),
        pytest.param(country_name(None), "country unknown", id="no-country"),
        pytest.param(first_sentence("One. Two. Three."), ("One.", "Two. Three."), id="first-sentence"),
        pytest.param(first_sentence("Only one."), ("Only one.", ""), id="only-sentence"),
    ],
)
def test_words(text: object, expected: object) -> None:
    assert text == expected


def test_the_headline_is_one_sentence(programme: Programme) -> None:
    tables = made(programme).tables
    assert headline(tables, 3) == (
        "From 12 forms, 5 cities have a place in 2 twinnings, none of them confirmed yet; "
        "3 points wait for a person."
    )
    confirmed = dict(tables) | {"twinnings": tables["twinnings"].with_columns(state=pl.lit("confirmed"))}
    assert headline(confirmed, 0).endswith("in 2 twinnings, all of them confirmed.")
    nothing = dict(tables) | {"twinnings": tables["twinnings"].clear()}
    assert headline(nothing, 1) == "From 12 forms no twinning came about; 1 point waits for a person."


def test_the_funnel_adds_up(programme: Programme) -> None:
    rows = {row["step"]: row["count"] for row in funnel(made(programme).tables)}
    assert rows["forms received"] == rows["accepted"] + rows["- late"] == 12
    statuses = sum(rows[f"- {status.replace('_', ' ')}"] for status in vocabulary.STATUSES)
    assert rows["accepted"] == statuses
    assert (rows["cities in twinnings"], rows["twinnings"], rows["unplaced"]) == (5, 2, 4)


def office(name: str, zone: str | None) -> City:
    return City(name, name, "", None, None, None, zone)


START = datetime(2026, 2, 16, tzinfo=UTC).date()


@pytest.mark.parametrize(
    ("zones", "shared"),
    [
        pytest.param(("Europe/Rome", "Europe/Brussels"), [(480, ("09:00–17:00",) * 2)], id="one-clock"),
        pytest.param(
            ("Asia/Tokyo", "Pacific/Auckland"),
            [(240, ("09:00–13:00", "13:00–17:00")), (300, ("09:00–14:00", "12:00–17:00"))],
            id="clocks-change-in-one",
        ),
        pytest.param(
            ("Pacific/Honolulu", "Pacific/Auckland"),
            [(420, ("10:00–17:00", "09:00–16:00")), (360, ("11:00–17:00", "09:00–15:00"))],
            id="another-day",
        ),
        pytest.param(("Europe/Rome", "Pacific/Honolulu"), [(0, ("none", "none"))], id="never"),
        pytest.param(("Europe/Rome", None), [], id="unknown"),
        pytest.param(("Europe/Rome", "Mars/Olympus"), [], id="no-such-zone"),
    ],
)
def test_shared_hours(
    programme: Programme, zones: tuple[str | None, ...], shared: list[tuple[int, tuple[str, ...]]]
) -> None:
    cities = [office(f"C{n}", zone) for n, zone in enumerate(zones)]
    found = shared_hours(cities, programme.matchmaking.hours, START)
    by_minutes = {one.minutes: tuple(office.local for office in one.offices) for one in found}
    assert {minutes: by_minutes.get(minutes) for minutes, _ in shared} == dict(shared)
    assert sum(one.days for one in found) in (0, *(one.of_days for one in found))


def test_shared_hours_agree_with_the_published_figure(programme: Programme) -> None:
    cities = [office("Porto", "Europe/Lisbon"), office("Addis Ababa", "Africa/Addis_Ababa")]
    found = shared_hours(cities, programme.matchmaking.hours, START)
    assert sorted(one.minutes for one in found) == [300, 360]
    assert all(end <= 24 * 60 for one in found for office in one.offices for _, end in office.open)


def test_twinnings_are_numbered_by_value(programme: Programme) -> None:
    data = made(programme)
    found = twinnings(data.tables, data.working, programme, data.round_)
    assert [(one.number, one.id, one.names) for one in found] == [
        (1, "T-0", ["Porto", "Bologna"]),
        (2, "T-1", ["Suva", "Vancouver", "Auckland"]),
    ]
    assert [row["twinning_id"] for row in twinning_rows(data.tables)] == ["T-0", "T-1"]
    assert found[0].aspects[0].share == 1
    assert found[1].aspects[0].share == pytest.approx(199.5 / 200.5)
    assert found[0].firmness is None


def test_firmness_and_conditions_are_told_where_they_are_known(programme: Programme) -> None:
    data = made(programme)
    row = {"twinning_id": "T-0", "margin": 2.5, "runner_up": "Porto in none", "robustness": 0.9}
    sensitivity = WORKING_TABLES["twinning_sensitivity"].frame([row | {"scenarios": 200}])
    eligibility = data.tables["eligibility"].with_columns(
        status=pl.when(pl.col("application_id") == "A001").then(pl.lit("tentative")).otherwise("status")
    )
    check = {
        "application_id": "A001",
        "rule": "gcom",
        "outcome": "conditional",
        "computed_outcome": "conditional",
    }
    check |= {"evidence": "", "source": "form", "clause": "3.2", "message": ""}
    checks = data.tables["eligibility_checks"].clear()
    checks = pl.concat([checks, pl.DataFrame([check], schema=checks.schema)])
    tables = dict(data.tables) | {"eligibility": eligibility, "eligibility_checks": checks}
    first, second = twinnings(
        tables, dict(data.working) | {"twinning_sensitivity": sensitivity}, programme, data.round_
    )
    assert first.firmness is not None
    assert (first.firmness.robustness, first.firmness.margin) == (0.9, 2.5)
    assert [(one.city, one.due) for one in first.outstanding] == [("Porto", "16 May 2026")]
    assert (second.firmness, second.outstanding) == (None, ())


def test_who_has_no_place(programme: Programme) -> None:
    data = made(programme)
    found = unplaced(data.tables, programme.topics.labels)
    assert [(one.city.name, one.rank, one.loss) for one in found] == [
        ("Gent", 3, 3.25),
        ("Valletta", 4, 3.25),
        ("Male", 5, 3.25),
        ("Santiago", 9, 3.25),
    ]
    assert found[0].topics == ("Data management",)
    assert unplaced_by_kind(data.tables) == [("No place left", 4)]
    rest = not_selectable(data.tables)
    assert [(one.city.name, one.became) for one in rest] == [
        ("Dakar", "Needs review"),
        ("Kathmandu", "Ineligible"),
        ("Nuuk", "Late"),
    ]


def test_every_form_is_told_once(programme: Programme) -> None:
    data = made(programme, count=30)
    told = [one.city.application_id for one in unplaced(data.tables, {})]
    told += [one.city.application_id for one in not_selectable(data.tables)]
    told += [
        member.city.application_id
        for one in twinnings(data.tables, data.working, programme, data.round_)
        for member in one.members
    ]
    assert sorted(told) == data.tables["applications"]["application_id"].to_list()


@pytest.mark.parametrize(
    ("selected", "verdict"),
    [(0, "1 too few"), (1, "as aimed at"), (3, "as aimed at"), (5, "2 too many")],
)
def test_balance(selected: int, verdict: str) -> None:
    row = {"subject": "topic", "class": "data", "least": 1, "most": 3, "selected": selected}
    frame = WORKING_TABLES["balance"].frame([row | {"missed": 0, "cost": 0.0}])
    (group,) = balance(frame, {"data": "Data management"})
    (one,) = group.classes
    assert (one.name, one.verdict, one.scale) == ("Data management", verdict, max(3, selected))
    assert (group.title, group.unit) == ("Topics", "twinnings")
    assert balance(frame.clear(), {}) == []


def test_changes_name_the_cities(programme: Programme) -> None:
    rows = [
        {
            "subject": "A003",
            "what": "status",
            "before": "needs_review",
            "after": "eligible",
            "cause": "decision 1",
        },
        {
            "subject": "T-0",
            "what": "state",
            "before": "proposed",
            "after": "confirmed",
            "cause": "decision 2",
        },
        {"subject": "T-gone", "what": "members", "before": "A001, A002", "after": None, "cause": "rules"},
    ]
    tables = dict(made(programme).tables) | {"changes": CHANGES.frame(rows)}
    assert [(one.subject, one.city, one.before, one.after) for one in changes(tables)] == [
        ("T-0", "Porto and Bologna", "proposed", "confirmed"),
        ("A003", "Gent", "needs review", "eligible"),
        ("T-gone", "", "A001, A002", "nothing"),
    ]


def test_findings_are_grouped_and_cut() -> None:
    row = {"table": "cohort", "expectation": "city_once", "severity": "warn", "column": "name"}
    rows = [row | {"row_key": f"U{n:03d}", "message": f"m{n}"} for n in range(MOST_ROWS + 2)]
    rows += [row | {"expectation": "a_stop", "severity": "stop", "row_key": None, "message": "m"}]
    stop, many = finding_groups(FINDINGS.frame(rows))
    assert (stop.severity, stop.count, stop.more, stop.rows) == ("stop", 1, 0, (("", "name", "m"),))
    assert (many.expectation, many.count, many.more) == ("city once", MOST_ROWS + 2, 2)


@pytest.mark.parametrize(
    ("evaluator", "shown"),
    [
        pytest.param("SAMPLE-EV1", "SAMPLE-EV1", id="code"),
        pytest.param("EV2", "EV2", id="short-code"),
        pytest.param("7", "7", id="number"),
        pytest.param("maria.silva@example.org", "Evaluator 1", id="address"),
        pytest.param("Maria Silva", "Evaluator 1", id="name"),
        pytest.param("msilva", "Evaluator 1", id="account"),
    ],
)
def test_no_evaluator_is_named(evaluator: str, shown: str) -> None:
    row = {"n_applications": 5, "n_common": 5, "severity": 0.5, "standard_error": 0.1, "corrected": True}
    frame = WORKING_TABLES["severities"].frame([row | {"evaluator_id": evaluator}])
    (one,) = severities({"severities": frame})
    assert (one.name, one.verdict) == (shown, "stricter")


def test_disputes_and_close_pairs(programme: Programme) -> None:
    data = made(programme)
    (one,) = disputed(data.tables, 2.5)
    assert (one.city.name, one.rank, one.criteria) == ("Porto", 1, "mandate 3.0")
    pair = {"above": "A001", "below": "A002", "points_apart": 0.5, "share_reversed": 0.4}
    lost = pair | {"below": "A999"}
    frame = WORKING_TABLES["close_pairs"].frame([pair, lost])
    assert [(two.above.name, two.below.name) for two in close_pairs(data.tables, {"close_pairs": frame})] == [
        ("Porto", "Bologna")
    ]


def test_open_points_are_grouped_by_kind() -> None:
    row = {"kind": "rule", "subject": "A001", "city_name": "Porto", "country_iso3": "PRT"}
    frame = pl.DataFrame([row | {"about": "climate_plan", "evidence": "blank"}])
    (group,) = point_groups(frame, "2026-01")
    assert (group.title, group.points[0].city, group.points[0].about) == (
        "Rules that are unclear",
        "Porto, Portugal",
        "climate plan",
    )
    assert group.answer.startswith("city2city decide 2026-01 rule")
    assert open_points_text({}) == "No open points."
    assert open_points_text({"rule": 2}) == "2 open points: rule 2."


def test_provenance_says_who_approved_and_whether_the_rules_are_today_s(programme: Programme) -> None:
    data = made(programme)
    facts = {one.name: one.value for one in provenance(data.package, None, programme.fingerprint)}
    assert (facts["Approval"], facts["Compared with"]) == ("not approved", "version 1")
    assert "Note" not in facts
    approval = Approval(datetime(2026, 2, 3, 9, tzinfo=UTC), 2)
    package = dict(replace(data, approval=approval).package) | {"parent": None}
    facts = {one.name: one.value for one in provenance(package, approval, "other rules")}
    assert facts["Approval"] == "approved by 2 people on 3 February 2026, 09:00 UTC"
    assert facts["Compared with"] == "no version: it is the first"
    assert "changed since" in facts["Note"]
