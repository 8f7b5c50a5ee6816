"""Every kind of open point that exists can be answered, or says how it is settled."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from desk.views.points import decision_of
from pages.views.answers import SETTLED_OUTSIDE, answers, is_answered_by
from pages.views.waiting import ANSWERS
from programme.desk import read_desk_rules
from programme.vocabulary import OPEN_POINT_KINDS, OpenPointKind
from tasks.decisions.kinds import AT_ONCE, mistakes
from warehouse.dictionary.published import PUBLISHED_TABLES

TWINNING = "T-2025-07-0a1b2c3d"
ABOUT = {"link": "gcom", "rule": "mandate", "place": "topic_place"}
GIVEN = {"row": "G1", "evaluator": "EV1", "contact": "0123456789ab", "": ""}
RULES = read_desk_rules()


def tables() -> dict[str, pl.DataFrame]:
    """Two forms of one city, one of which is linked to no row of GCoM yet."""
    forms = [
        {"application_id": name, "city_id": "C-1", "city_name": "Portville", "state": "accepted"}
        for name in ("A-1", "A-2")
    ]
    link = {"application_id": "A-1", "register": "gcom", "member_name": "Portville", "outcome": "review"}
    rows: dict[str, list[dict[str, Any]]] = {
        "applications": forms,
        "crosscheck": [{**link, "evidence": "two", "decided_by": "rules"}],
    }
    return {name: table.frame(rows.get(name, [])) for name, table in PUBLISHED_TABLES.items()}


def point(kind: OpenPointKind) -> dict[str, Any]:
    subject = TWINNING if kind == "unconfirmed" else "A-1"
    said = f"in twinning {TWINNING}." if kind == "at_risk" else "Portville: two"
    return {"kind": kind, "subject": subject, "about": ABOUT.get(kind, "x"), "evidence": said}


def offered(kind: OpenPointKind) -> list[tuple[Any, dict[str, Any]]]:
    """The answers of a point of that kind, each with its decision."""
    made = answers(point(kind), tables(), ["G1"] if kind in ("link", "rule") else [])
    return [(one, decision_of(one, GIVEN[one.asks])) for one in made]


@pytest.mark.parametrize("kind", OPEN_POINT_KINDS)
def test_a_point_of_every_kind_is_answered_or_settled_outside(kind: OpenPointKind) -> None:
    own = [one for one, _ in offered(kind) if one.kind != "withdraw"]
    assert bool(own) != (kind in SETTLED_OUTSIDE)
    assert ANSWERS[kind]


@pytest.mark.parametrize("kind", OPEN_POINT_KINDS)
def test_every_answer_is_a_valid_decision_that_settles_its_point(kind: OpenPointKind) -> None:
    for one, row in offered(kind):
        value = GIVEN["contact"] if one.asks == "contact" else row["value"]
        assert mistakes(row["kind"], row["subject"], row["object"], value) == [], one.name
        assert row["kind"] in AT_ONCE or is_answered_by(point(kind), row), one.name


@pytest.mark.parametrize("kind", OPEN_POINT_KINDS)
def test_every_answer_has_a_reason_to_go_with_one_click(kind: OpenPointKind) -> None:
    for one, _ in offered(kind):
        assert RULES.phrases_for(kind, one.phrases), one.name


@pytest.mark.parametrize("kind", OPEN_POINT_KINDS)
def test_the_names_of_the_answers_of_a_point_differ(kind: OpenPointKind) -> None:
    names = [one.name for one, _ in offered(kind)]
    labels = [one.label for one, _ in offered(kind)]
    assert len(set(names)) == len(names)
    assert len(set(labels)) == len(labels)
