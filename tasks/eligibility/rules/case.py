"""One application with all that is known of it: the form, its links, the registers' rows.

Belongs here: what a rule looks at and measures against, and bringing the frames together into frozen cases.
Must stay out: any judgement (the rules).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import polars as pl

from programme.eligibility import EligibilityLimits
from programme.rounds import Round
from programme.vocabulary import TOOL_MARKS, LinkOutcome, ToolMark


@dataclass(frozen=True)
class RegisterLink:
    """What looking up one name (the city's, or a consortium member's) in one register came to.

    `row` is the linked register row (canonical columns) or None; `decided` says whether a person decided it.
    """

    member_name: str
    outcome: LinkOutcome
    row: Mapping[str, object] | None = None
    decided: bool = False

    @property
    def ruled_out(self) -> bool:
        """Whether a person decided that there is no row (`no_link`).

        The form's claim that there is one is then answered and no longer open.
        """
        return self.decided and self.outcome == "none"


@dataclass(frozen=True)
class Case:
    """One application: the canonical form, its links to both registers, and what the gazetteer knows.

    `cohort` is the link of the applicant by its own name; `gcom` has one link for the city, or one for each
    member of a consortium; `gazetteer_population` is in inhabitants; `competing_forms` are the ids of other
    on-time forms of the same city, sent by another department on other topics; `waits_behind` those of other
    senders that go before this one. `unreadable` are the columns of cells that hold something that could not
    be read; `tool_marks` is what the form tool says of the form; `carried_from` is the earlier round that a
    form carried over was sent in.
    """

    form: Mapping[str, object]
    cohort: RegisterLink
    gcom: tuple[RegisterLink, ...]
    gazetteer_population: int | None = None
    competing_forms: tuple[str, ...] = ()
    waits_behind: tuple[str, ...] = ()
    unreadable: frozenset[str] = frozenset()
    tool_marks: tuple[ToolMark, ...] = ()
    carried_from: str | None = None

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
        """Whether the city is an accepted cohort member, "already eligible in principle" (FAQ 3.2, scenario
        1).
        """
        return self.cohort.row is not None and self.cohort.row["status"] == "member"

    def waits_for_country(self, rule: str) -> bool:
        """Whether a register could not be searched because the form's country is not known."""
        links = {"cohort": (self.cohort,), "gcom": self.gcom}.get(rule, ())
        searched = any(link.outcome != "none" or link.decided for link in links)
        return bool(links) and self.form["country_iso3"] is None and not searched

    def members(self) -> list[Mapping[str, object]]:
        """The municipalities of a consortium as the form names them; empty for any other applicant."""
        members = self.form.get("members")
        return list(members) if self.is_consortium and isinstance(members, list) else []


@dataclass(frozen=True)
class RuleSettings:
    """What the rules measure against: the round, the limits, the topics, and the versions of the registers.

    `register_versions` maps a register to the first hex digits of its file's sha256, for the evidence.
    """

    round: Round
    limits: EligibilityLimits
    topic_ids: tuple[str, ...]
    register_versions: Mapping[str, str] = field(default_factory=dict)

    def source(self, name: str) -> str:
        """The name of a source as it stands in the evidence: with its version where it has one."""
        version = self.register_versions.get(name)
        return f"{name} register, version {version}" if version else name


def whole_number(value: object) -> int | None:
    """A whole number of a case's field; None where it is absent."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def yes_no(answer: object) -> str:
    """A yes/no cell in words for the evidence: yes, no or blank."""
    return "blank" if answer is None else "yes" if answer else "no"


def local_day(moment: object, round_: Round) -> date | None:
    """The calendar day of a moment in the round's time zone; None where the time stamp could not be read.

    A moment without a zone is taken as UTC, never as the machine's own zone.
    """
    if not isinstance(moment, datetime):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(round_.zone).date()


def build_cases(
    *,
    submissions: pl.DataFrame,
    cities: pl.DataFrame,
    crosscheck: pl.DataFrame,
    cohort: pl.DataFrame,
    gcom: pl.DataFrame,
    marks: pl.DataFrame,
    carried: Mapping[str, str] | None = None,
) -> dict[str, Case]:
    """One case for each usable submission, by its id.

    The frames are those of the dictionary (`marks`: FORM_MARKS); `carried` maps a form carried over to the
    round it was sent in. Of a register id that occurs twice the first row counts.
    """
    registers = {"cohort": _by_id(cohort, "utm_id"), "gcom": _by_id(gcom, "gcom_id")}
    links: dict[tuple[str, str], list[RegisterLink]] = {}
    for row in crosscheck.iter_rows(named=True):
        found = registers[row["register"]].get(row["register_id"]) if row["outcome"] == "linked" else None
        link = RegisterLink(row["member_name"], row["outcome"], found, decided=row["decided_by"] != "rules")
        links.setdefault((row["application_id"], row["register"]), []).append(link)
    gazetteer = dict(cities.select("application_id", "gazetteer_population").iter_rows())
    unreadable, said = _marked(marks)
    cases = {}
    for form in submissions.iter_rows(named=True):
        key, unlinked = form["submission_id"], [RegisterLink(form["city_name"], "none")]
        cases[key] = Case(
            form=form,
            cohort=links.get((key, "cohort"), unlinked)[0],
            gcom=tuple(links.get((key, "gcom"), unlinked)),
            gazetteer_population=gazetteer.get(key),
            unreadable=frozenset(unreadable.get(key, ())),
            tool_marks=tuple(mark for mark in TOOL_MARKS if mark in said.get(key, ())),
            carried_from=(carried or {}).get(key),
        )
    return cases


def _marked(marks: pl.DataFrame) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Form to the columns of its unreadable cells, and form to what its tool says of it."""
    unreadable: dict[str, list[str]] = {}
    said: dict[str, list[str]] = {}
    for row in marks.iter_rows(named=True):
        if row["mark"] == "unreadable_cell":
            unreadable.setdefault(row["submission_id"], []).append(row["column"])
        else:
            said.setdefault(row["submission_id"], []).append(row["mark"])
    return unreadable, said


def _by_id(register: pl.DataFrame, key: str) -> dict[str, Mapping[str, object]]:
    first = register.unique(key, keep="first", maintain_order=True)
    return {row[key]: row for row in first.iter_rows(named=True)}
