"""Forms of an earlier round that a decision brings into this one."""

from __future__ import annotations

import pytest

from tasks.eligibility.carried_over import with_carried
from tasks.eligibility.form_states import form_states
from tasks.ingest.tables.senders import Sender
from tests.tasks.decisions.making import ledger
from tests.tasks.eligibility.making import GOOD_FORM
from warehouse.dictionary.inputs import SUBMISSIONS
from warehouse.dictionary.other_rounds import CARRIED_OVER


def offered():
    """Three forms of the first round that could be carried over."""
    return CARRIED_OVER.frame(
        [GOOD_FORM | {"submission_id": name, "carried_from": "2025-07"} for name in ("E1", "E2", "S1")]
    )


CASES = [
    ("none", [], {}, []),
    ("carried over", ["a carry_over E1 - -"], {"E1": "2025-07"}, []),
    (
        "nobody by that id",
        ["a carry_over E9 - -"],
        {},
        [
            "The decision has no effect: it carries over E9, which is no application of an earlier round "
            "that could be selected and was not placed."
        ],
    ),
    (
        "an id of this round",
        ["a carry_over S1 - -"],
        {},
        ["The decision has no effect: it carries over S1, but a form of this round has that id."],
    ),
]


@pytest.mark.parametrize(
    ("lines", "carried", "messages"), [pytest.param(*rest, id=name) for name, *rest in CASES]
)
def test_who_is_carried_over(lines, carried, messages):
    found = with_carried(SUBMISSIONS.frame([GOOD_FORM | {"row": 7}]), ledger(*lines), offered())
    assert found.carried == carried
    assert found.findings["message"].to_list() == messages
    assert found.submissions.schema == SUBMISSIONS.schema
    rows = dict(found.submissions.select("submission_id", "row").iter_rows())
    assert rows == {"S1": 7} | dict.fromkeys(carried, 8)


def test_a_carried_form_gives_way_to_any_new_one_of_its_city():
    """Also to one of another department on other topics, and whichever was sent later."""
    other = {"topic_1": "ports", "contact_email": "b@example.org", "submission_id": "S2"}
    forms = SUBMISSIONS.frame([GOOD_FORM, GOOD_FORM | other])

    def states(*carried):
        return form_states(
            forms,
            senders={"S1": Sender("a@example.org"), "S2": Sender("b@example.org")},
            city_of={"S1": "C", "S2": "C"},
            on_time={"S1": "met", "S2": "met"},
            withdrawn=frozenset(),
            merged={},
            carried=carried,
        )

    assert {state.state for state in states().values()} == {"accepted"}
    for carried, new in (("S1", "S2"), ("S2", "S1")):
        found = states(carried)
        assert (found[carried].state, found[carried].superseded_by) == ("superseded", new)
        assert found[new].state == "accepted"
