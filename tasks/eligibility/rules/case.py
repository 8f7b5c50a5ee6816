"""One application with all that is known of it: the form, its links, the registers' rows. What a rule looks
at, and nothing else.

Belongs here: bringing the frames together into frozen cases. Must stay out: any judgement (`rules_city.py`,
`rules_form.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import polars as pl

from programme.eligibility import EligibilityLimits
from programme.rounds import Round


@dataclass(frozen=True)
class Link:
    """How one name (the city's, or a consortium member's) stands to one register.

    `outcome` is linked, review or none; `row` the linked register row (canonical columns) or None; `decided`
    whether a person decided it.
    """

    member_name: str
    outcome: str
    row: Mapping[str, object] | None = None
    decided: bool = False

    @property
    def ruled_out(self) -> bool:
        """Whether a person decided that there is no row (`no_link`): the form's claim of one is then
        answered, not open.
        """
        return self.decided and self.outcome == "none"


@dataclass(frozen=True)
class Case:
    """One application: the canonical form, its links to both registers, and what the gazetteer knows.

    `cohort` is the link of the applicant by its own name; `gcom` one link for the city, or one a member of a
    consortium; `rivals` are other on-time forms of the same city by another department on other topics.
    """

    form: Mapping[str, object]
    cohort: Link
    gcom: tuple[Link, ...]
    gazetteer_population: int | None = None
    rivals: tuple[str, ...] = ()

    @property
    def application_id(self) -> str:
        """The submission's id."""
        return str(self.form["submission_id"])

    @property
    def is_consortium(self) -> bool:
        """Whether the applicant is a consortium of municipalities (FAQ 3.2)."""
        return self.form["applicant_type"] == "consortium"

    @property
    def is_member(self) -> bool:
        """Whether the city is an accepted cohort member: "already eligible in principle" (FAQ 3.2, scenario
        1).
        """
        return self.cohort.row is not None and self.cohort.row["status"] == "member"

    def members(self) -> list[Mapping[str, object]]:
        """The municipalities of a consortium as the form names them; empty for any other applicant."""
        members = self.form.get("members")
        return list(members) if self.is_consortium and isinstance(members, list) else []


@dataclass(frozen=True)
class RuleSettings:
    """What the rules measure against: the round, the limits, the topics, and the versions of the registers
    for the evidence.
    """

    round: Round
    limits: EligibilityLimits
    topic_ids: tuple[str, ...]
    versions: Mapping[str, str] = field(default_factory=dict)

    def source(self, name: str) -> str:
        """The name of a source with its version where it has one, as it stands in the evidence."""
        version = self.versions.get(name)
        return f"{name} register, version {version}" if version else name


def number(value: object) -> int | None:
    """A whole number of a case's field, None where it is absent."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def local_day(moment: object, round_: Round) -> date | None:
    """The calendar day of a moment in the round's time zone; None where the time stamp could not be read."""
    if not isinstance(moment, datetime):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(round_.zone).date()


def build_cases(
    submissions: pl.DataFrame,
    cities: pl.DataFrame,
    crosscheck: pl.DataFrame,
    cohort: pl.DataFrame,
    gcom: pl.DataFrame,
) -> dict[str, Case]:
    """One case a usable submission, by its id. The frames are those of the dictionary; a register id
    occurring twice keeps its first row.
    """
    registers = {"cohort": _by_id(cohort, "utm_id"), "gcom": _by_id(gcom, "gcom_id")}
    links: dict[tuple[str, str], list[Link]] = {}
    for row in crosscheck.iter_rows(named=True):
        found = registers[row["register"]].get(row["register_id"]) if row["outcome"] == "linked" else None
        link = Link(row["member_name"], row["outcome"], found, decided=row["decided_by"] != "rules")
        links.setdefault((row["application_id"], row["register"]), []).append(link)
    gazetteer = dict(cities.select("application_id", "gazetteer_population").iter_rows())
    return {
        form["submission_id"]: Case(
            form=form,
            cohort=links.get((form["submission_id"], "cohort"), [Link(form["city_name"], "none")])[0],
            gcom=tuple(links.get((form["submission_id"], "gcom"), [Link(form["city_name"], "none")])),
            gazetteer_population=gazetteer.get(form["submission_id"]),
        )
        for form in submissions.iter_rows(named=True)
    }


def _by_id(register: pl.DataFrame, key: str) -> dict[str, Mapping[str, object]]:
    return {
        row[key]: row for row in register.unique(key, keep="first", maintain_order=True).iter_rows(named=True)
    }
