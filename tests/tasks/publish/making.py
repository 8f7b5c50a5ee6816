"""Origins and twinnings of small versions, and the causes of changes by fact."""

from __future__ import annotations

from programme.vocabulary import ASPECTS
from tasks.publish.changes import Origin
from tests.tasks.eligibility.making import COHORT_ROW
from warehouse.dictionary.inputs import DECISIONS
from warehouse.dictionary.published import (
    TWINNING_MEMBERS,
    TWINNINGS,
)

INPUTS = {"submissions": "aaaa1111aaaa", "cohort": "bbbb2222bbbb", "gcom": "cccc3333cccc"}


def origin(*decisions, rules="r0", program="0.1.0", **inputs):
    frame = DECISIONS.frame(list(decisions))
    noted = {"decisions": "dec" + "".join(sorted(d["decision_id"] for d in decisions))} if decisions else {}
    return Origin(INPUTS | noted | inputs, rules, program, frame)


def twinnings(*groups, state="proposed"):
    """`T1: S1 S2` makes a twinning of S1 and S2 on cooling."""
    made = [(key, names.split()) for key, names in (group.split(": ") for group in groups)]
    aspects = dict.fromkeys((f"aspect_{name}" for name in ASPECTS), 1.0)
    rows = [
        {
            "twinning_id": key,
            "topic": "cooling",
            "n_cities": len(names),
            "value": 8.0,
            "state": state,
            "conditional": True,
        }
        | aspects
        for key, names in made
    ]
    members = [
        {"twinning_id": key, "application_id": name, "city_id": f"KEN:{name}"}
        for key, names in made
        for name in names
    ]
    return {"twinnings": TWINNINGS.frame(rows), "twinning_members": TWINNING_MEMBERS.frame(members)}


def causes(found):
    return {
        (subject, what): cause
        for subject, what, cause in found.select("subject", "what", "cause").iter_rows()
    }


MEMBER = (COHORT_ROW | {"status": "member"},)
FORMS = {"S1": {}, "S2": {}, "S3": {}, "S4": {}}
