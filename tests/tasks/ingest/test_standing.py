"""Which of several forms stands: by time, sender, topic, and what the form tool says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.ingest.tables.senders import Sender
from tasks.ingest.tables.standing import (
    SentForm,
    like_names,
    same_desk,
    shares_topic,
    standing,
)

SENT = datetime(2025, 8, 1, tzinfo=UTC)


def form(key: str, day: int = 0, address: str = "a@x", mandate: int = 1, **more: object) -> SentForm:
    sender = Sender(address, standing=mandate)
    return SentForm(key, int(key), SENT + timedelta(days=day), sender=sender, **more)  # type: ignore[arg-type]


CASES: dict[str, tuple[list[SentForm], dict[str, str]]] = {
    "the newest stands": ([form("1"), form("2", 1)], {"1": "2"}),
    "no relation: both stand": ([form("1", address="a@x"), form("2", 1, address="b@x")], {}),
    "the sender outranks the topic": (
        [
            form("1", address="a@x", topics=frozenset("t")),
            form("2", 1, address="a@x"),
            form("3", 2, address="b@x", topics=frozenset("t")),
        ],
        {"1": "2"},
    ),
    "a marked form takes nobody's place": ([form("1"), form("2", 1, marked=True)], {}),
    "a marked form gives way": ([form("1", marked=True), form("2", 1)], {"1": "2"}),
    "of two marked forms the newer stands": (
        [form("1", marked=True), form("2", 1, marked=True)],
        {"1": "2"},
    ),
    "a time nobody can read is the oldest": (
        [SentForm("1", 1, None, sender=Sender("a@x")), form("2")],
        {"1": "2"},
    ),
    "nobody says who sent them: both stand": ([form("1", address=""), form("2", 1, address="")], {}),
    "another sender with a weaker mandate takes nobody's place": (
        [form("1", mandate=2, topics=frozenset("t")), form("2", 1, "b@x", topics=frozenset("t"))],
        {},
    ),
    "another sender with the same mandate does": (
        [form("1", topics=frozenset("t")), form("2", 1, "b@x", topics=frozenset("t"))],
        {"1": "2"},
    ),
}


@pytest.mark.parametrize(("forms", "expected"), CASES.values(), ids=CASES)
def test_which_form_stands(forms: list[SentForm], expected: dict[str, str]) -> None:
    assert standing(forms, (same_desk, shares_topic)) == expected


FORMS = st.lists(
    st.builds(
        lambda row, day, address, marked: SentForm(
            f"{row}", row, SENT + timedelta(days=day), sender=Sender(address), marked=marked
        ),
        st.integers(1, 99),
        st.integers(0, 5),
        st.sampled_from(["a@x", "b@x", ""]),
        st.booleans(),
    ),
    unique_by=lambda one: one.key,
    max_size=8,
)


@given(FORMS)
def test_what_gives_way_gives_way_to_one_that_stands(forms: list[SentForm]) -> None:
    gives_way = standing(forms, (same_desk,))
    stands = {one.key: one for one in forms if one.key not in gives_way}
    by_key = {one.key: one for one in forms}
    assert set(gives_way.values()) <= set(stands)
    assert not forms or stands
    assert all(by_key[old].marked or not stands[new].marked for old, new in gives_way.items())


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Torreón", "TORREON", True),
        ("Quelimane", "Quelimanne", True),
        ("Torreón", "Torreón, Coahuila", True),
        ("Cartago", "Cartagena", False),
        ("Turku", "Oulu", False),
    ],
)
def test_names_of_one_city(one: str, other: str, alike: bool) -> None:
    assert like_names(one, other) == alike
