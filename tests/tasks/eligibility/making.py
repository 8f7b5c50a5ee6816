"""One city that meets every rule, and how a test changes one thing about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import polars as pl

from tasks.eligibility.judge import EligibilityInputs, Judged
from tasks.eligibility.rules.case import Case, RegisterLink
from warehouse.dictionary.inputs import COHORT, DECISIONS, GCOM, SUBMISSIONS
from warehouse.dictionary.published import CROSSCHECK
from warehouse.dictionary.working import CITIES, SET_ASIDE

SENT = datetime(2025, 7, 20, 9, tzinfo=UTC)
MOTIVATION = "word " * 40
GOOD_FORM: dict[str, object] = {
    "row": 2,
    "submission_id": "S1",
    "submitted_at": SENT,
    "city_name": "Alpha",
    "country": "Kenya",
    "country_iso3": "KEN",
    "applicant_type": "city",
    "population": 200_000,
    "members": None,
    "cohort_status": "applied",
    "cohort_applied_on": None,
    "gcom_status": "signatory",
    "plan_type": "SECAP",
    "plan_status": "adopted",
    "plan_covers_whole_city": True,
    "plan_url": "https://example.org/plan.pdf",
    "contact_email": "a@example.org",
    "organisation": "Alpha",
    "mandate": "official_letter",
    "english_confirmed": True,
    "resources_confirmed": True,
    "topic_1": "cooling",
    "topic_2": None,
    "topic_3": None,
    "motivation": MOTIVATION,
}
COHORT_ROW: dict[str, object] = {
    "row": 2,
    "utm_id": "U1",
    "name": "Alpha",
    "country": "Kenya",
    "country_iso3": "KEN",
    "population": None,
    "status": "pending",
    "applied_on": date(2025, 7, 1),
}
GCOM_ROW: dict[str, object] = {
    "row": 2,
    "gcom_id": "G1",
    "name": "Alpha",
    "country": "Kenya",
    "country_iso3": "KEN",
    "population": None,
    "status": "active",
}


def linked_cohort(**changed: object) -> RegisterLink:
    """Alpha linked to its cohort row, with some of the row's values changed."""
    return RegisterLink("Alpha", "linked", COHORT_ROW | changed)


def linked_gcom(name: str = "Alpha", **changed: object) -> RegisterLink:
    """A name linked to a GCoM row, with some of the row's values changed."""
    return RegisterLink(name, "linked", GCOM_ROW | changed)


def none(name: str = "Alpha", *, decided: bool = False) -> RegisterLink:
    """A name without a row, by the rules or by a person's `no_link`."""
    return RegisterLink(name, "none", None, decided)


def review(name: str = "Alpha") -> RegisterLink:
    """A name whose link a person has to decide."""
    return RegisterLink(name, "review")


def case(
    *,
    cohort: RegisterLink | None = None,
    gcom: tuple[RegisterLink, ...] | None = None,
    gazetteer: int | None = None,
    competing_forms: tuple[str, ...] = (),
    waits_behind: tuple[str, ...] = (),
    carried_from: str | None = None,
    **form: object,
) -> Case:
    """The good case with a link or some answers changed."""
    return Case(
        SUBMISSIONS.frame([GOOD_FORM | form]).row(0, named=True),
        cohort or linked_cohort(),
        (linked_gcom(),) if gcom is None else gcom,
        gazetteer,
        competing_forms,
        waits_behind,
        carried_from=carried_from,
    )


def member(name: str, population: int | None = 30_000, plan: str | None = "adopted") -> dict[str, object]:
    """One municipality as a consortium's form names it."""
    return {"name": name, "population": population, "plan_status": plan}


@dataclass(frozen=True)
class World:
    """A small round as frames: forms by id with what differs from the good one, their links, and
    decisions.
    """

    forms: dict[str, dict[str, object]]
    city_of: dict[str, str] = field(default_factory=dict)
    decisions: tuple[dict[str, object], ...] = ()
    cohort: tuple[dict[str, object], ...] = (COHORT_ROW,)
    cohort_links: dict[str, str] = field(default_factory=dict)
    set_aside: tuple[dict[str, object], ...] = ()

    def inputs(self) -> EligibilityInputs:
        """The frames, as the steps before give them."""
        ids = list(self.forms)
        forms = [
            GOOD_FORM | {"row": n + 2, "submission_id": key} | self.forms[key] for n, key in enumerate(ids)
        ]
        cities = [
            {
                "application_id": key,
                "city_id": self.city_of.get(key, f"KEN:{key}"),
                "name_key": f"KEN:{key}",
                "city_name": key,
                "country_iso3": "KEN",
            }
            for key in ids
        ]
        return EligibilityInputs(
            SUBMISSIONS.frame(forms),
            SET_ASIDE.frame(list(self.set_aside)),
            CITIES.frame(cities),
            CROSSCHECK.frame([self._link(key, register) for key in ids for register in ("cohort", "gcom")]),
            COHORT.frame(list(self.cohort)),
            GCOM.frame([GCOM_ROW]),
            DECISIONS.frame(list(self.decisions)),
        )

    def _link(self, key: str, register: str) -> dict[str, object]:
        register_id = self.cohort_links.get(key, "U1") if register == "cohort" else "G1"
        return {
            "application_id": key,
            "register": register,
            "member_name": key,
            "outcome": "linked",
            "register_id": register_id,
            "confidence": 1.0,
            "evidence": "same name",
            "decided_by": "rules",
        }


def decision(
    kind: str,
    subject: str,
    object_: str | None = None,
    value: str | None = None,
    *,
    n: int = 1,
    id_: str | None = None,
) -> dict[str, object]:
    """A decision taken on day `n` after the round's close."""
    return {
        "decision_id": id_ or f"d{n}",
        "kind": kind,
        "subject": subject,
        "object": object_,
        "value": value,
        "reason": "a reason",
        "decided_by": "a person",
        "decided_at": datetime(2025, 9, 10, tzinfo=UTC) + timedelta(days=n),
    }


def states_of(result: Judged) -> dict[str, str]:
    """Application to state."""
    return dict(result.applications.select("application_id", "state").iter_rows())


def status_of_all(result: Judged) -> dict[str, str]:
    """Application to status."""
    return dict(result.eligibility.select("application_id", "status").iter_rows())


def checks_of(result: Judged, application: str) -> dict[str, dict[str, object]]:
    """Rule to its row, of one application."""
    return {
        row["rule"]: row
        for row in result.checks.filter(pl.col("application_id") == application).iter_rows(named=True)
    }
