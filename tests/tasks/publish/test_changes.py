"""What changed between two versions."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.publish.changes import changes
from tasks.publish.facts import facts
from tests.examples import examples
from tests.tasks.eligibility.making import World
from tests.tasks.publish.making import FORMS, origin
from warehouse.dictionary.published import (
    CHANGES,
)


def test_a_version_has_not_changed_against_itself(version):
    tables = version(World(FORMS), "T1: S1 S2")
    assert changes(tables, tables, origin(), origin()).equals(CHANGES.empty())


@settings(max_examples=examples(10))
@given(data=st.data())
def test_every_differing_fact_is_told_exactly_once(data, version):
    cells = st.fixed_dictionaries(
        {},
        optional={
            "mandate": st.sampled_from([None, "none", "confirmed"]),
            "topic_1": st.sampled_from(["ports", "other"]),
            "motivation": st.none(),
        },
    )
    groups = st.sampled_from([(), ("T1: S1 S2",), ("T2: S1 S2 S3",), ("T1: S1 S2", "T3: S3 S4")])
    worlds = [
        World({name: data.draw(cells) for name in data.draw(st.sampled_from([("S1", "S2"), tuple(FORMS)]))})
        for _ in range(2)
    ]
    before, after = (version(world, *data.draw(groups)) for world in worlds)
    one, other = (
        {row[:2]: row[2] for row in facts(tables).select("subject", "what", "value").iter_rows()}
        for tables in (before, after)
    )
    found = changes(before, after, origin(), origin(submissions="eeee5555"))
    told = {
        (subject, what): (old, new)
        for subject, what, old, new in found.select("subject", "what", "before", "after").iter_rows()
    }
    assert told == {
        key: (one.get(key), other.get(key))
        for key in one.keys() | other.keys()
        if one.get(key) != other.get(key)
    }
    assert len(told) == found.height
    assert found["cause"].str.len_chars().min() is None or found["cause"].str.len_chars().min() > 0
    backwards = changes(after, before, origin(submissions="eeee5555"), origin())
    assert (
        backwards.select("subject", "what", before="after", after="before")
        .sort("subject", "what")
        .equals(found.select("subject", "what", "before", "after").sort("subject", "what"))
    )
