"""The decisions in force about the matching, as constraints of the problem.

Belongs here: picking `pin`, `forbid`, `withdraw`, `confirm` and `waive`, and whom they are about. Must stay
out: which decisions are in force (`tasks/decisions/effective.py`) and whether they can hold together
(`tasks/matchmaking/feasibility/infeasibility.py`).
"""

from __future__ import annotations

import polars as pl

from programme.vocabulary import MINIMUM_WORTH_RULES, TOPIC_PLACE, DecisionKind
from tasks.decisions.confirmations import Member, TwinningContent, content_of
from tasks.decisions.effective import of_kinds
from tasks.decisions.pin_value import read_pin_value
from tasks.matchmaking.problem import (
    Absence,
    BaselineTwinnings,
    Confirmation,
    Constraints,
    Forbid,
    Pin,
    Waiver,
    Whereabouts,
    Withdrawal,
)
from warehouse.dictionary.findings import Finding

PAIRS: tuple[DecisionKind, ...] = ("pin", "forbid")
WITHDRAW: tuple[DecisionKind, ...] = ("withdraw",)
CONFIRM: tuple[DecisionKind, ...] = ("confirm",)
WAIVE: tuple[DecisionKind, ...] = ("waive",)

Row = dict[str, object]

NOWHERE = Whereabouts()


def constraints_from(
    effective: pl.DataFrame,
    candidates: pl.DataFrame,
    baseline: BaselineTwinnings,
    whereabouts: Whereabouts = NOWHERE,
) -> Constraints:
    """The constraints of a problem, and a finding for each decision that has no effect.

    `effective` holds the decisions in force (dictionary DECISIONS) in order; other kinds are passed
    over. A subject may be a submission or a city id, so two decisions may still be about the same pair of
    cities: then the last one counts. A pin, forbid or confirmation of what is not there becomes a finding; a
    withdrawal of a city that takes no part asks for nothing. A confirmation says itself what it is about; the
    baseline is asked only about one that does not. `whereabouts` tells of members that are no candidates.
    """
    city_of = _cities(candidates)
    members = _Members(candidates, whereabouts)
    pairs: dict[tuple[str, ...], Pin | Forbid] = {}
    withdrawals: dict[str, Withdrawal] = {}
    findings: list[Finding] = []
    for row in of_kinds(effective, PAIRS).iter_rows(named=True):
        pair, problems = _pair(row, city_of)
        findings += problems
        if pair is not None:
            pairs[(*sorted((pair.city_a, pair.city_b)), pair.topic or "")] = pair
    for row in of_kinds(effective, WITHDRAW).iter_rows(named=True):
        if (city := city_of.get(str(row["subject"]))) is not None:
            withdrawals[city] = Withdrawal(city, _source(row))
    confirmations, about_confirmations = _confirmations(effective, baseline, members)
    waivers, about_waivers = _waivers(effective, baseline, members)
    return Constraints(
        pins=tuple(pair for pair in pairs.values() if isinstance(pair, Pin)),
        forbids=tuple(pair for pair in pairs.values() if isinstance(pair, Forbid)),
        withdrawals=tuple(withdrawals.values()),
        confirmations=_without_fulfilled(confirmations),
        waivers=tuple(waivers),
        findings=(*findings, *about_confirmations, *about_waivers),
    )


def _confirmations(
    effective: pl.DataFrame, baseline: BaselineTwinnings, members: _Members
) -> tuple[list[Confirmation], list[Finding]]:
    confirmations: list[Confirmation] = []
    findings: list[Finding] = []
    for row in of_kinds(effective, CONFIRM).iter_rows(named=True):
        confirmed, problems = _confirmation(row, baseline, members, confirmations)
        findings += problems
        confirmations += confirmed
    return confirmations, findings


def _waivers(
    effective: pl.DataFrame, baseline: BaselineTwinnings, members: _Members
) -> tuple[list[Waiver], list[Finding]]:
    waivers: list[Waiver] = []
    findings: list[Finding] = []
    for row in of_kinds(effective, WAIVE).iter_rows(named=True):
        waived, problems = _waiver(row, baseline, members)
        findings += problems
        waivers += waived
    return waivers, findings


def _cities(candidates: pl.DataFrame) -> dict[str, str]:
    """Submission id or city id to city id."""
    by_application = dict(candidates.select("application_id", "city_id").iter_rows())
    return {city: city for city in by_application.values()} | by_application


def _pair(row: Row, city_of: dict[str, str]) -> tuple[Pin | Forbid | None, list[Finding]]:
    problems = [
        _without_effect(
            row, column, f"names {row[column] or 'nobody'}, which does not take part in the matching"
        )
        for column in ("subject", "object")
        if str(row[column]) not in city_of
    ]
    if problems:
        return None, problems
    a, b = city_of[str(row["subject"])], city_of[str(row["object"])]
    if a == b:
        return None, [_without_effect(row, "object", f"names the city {a} twice")]
    if row["kind"] == "forbid":
        return Forbid(a, b, str(row["value"]) if row["value"] else None, _source(row)), []
    value = read_pin_value(str(row["value"]) if row["value"] else None)
    return Pin(a, b, value.topic, _source(row), value.overrides), []


def _confirmation(
    row: Row, baseline: BaselineTwinnings, members: _Members, before: list[Confirmation]
) -> tuple[list[Confirmation], list[Finding]]:
    content = content_of(_text(row["topic"]), _text(row["members"])) or _content_in(baseline, row)
    if content is None:
        what = f"confirms the twinning {row['subject']}, which no version of this round has"
        return [], [_without_effect(row, "subject", what)]
    item = members.confirmation(row, content)
    same = next((one for one in before if _is_part(item, one)), None)
    if same is None:
        return [item], []
    what = f"confirms the twinning {item.twinning_id}, which {same.source} confirmed as {same.twinning_id}"
    return [], [_without_effect(row, "subject", what)]


def _waiver(row: Row, baseline: BaselineTwinnings, members: _Members) -> tuple[list[Waiver], list[Finding]]:
    """A rule that is let pass: for every twinning with a city, or for exactly one twinning."""
    if row["object"] == TOPIC_PLACE:  # the step eligibility counts it
        return [], []
    rule = next((one for one in MINIMUM_WORTH_RULES if one == row["object"]), None)
    if rule is None:
        what = f"names the rule {row['object']}; only {', '.join(MINIMUM_WORTH_RULES)} can be waived"
        return [], [_without_effect(row, "object", what)]
    subject = str(row["subject"])
    city = members.city_named(subject)
    if city is not None:
        return [Waiver(rule, (city,), None, _source(row))], []
    content = content_of(_text(row["topic"]), _text(row["members"])) or _content_in(baseline, row)
    if content is None:
        what = f"names {subject}, which neither takes part in the matching nor is a twinning of this round"
        return [], [_without_effect(row, "subject", what)]
    cities = members.confirmation(row, content).cities
    if len(cities) < 2:
        what = f"names the twinning {subject}, whose cities do not take part in the matching any more"
        return [], [_without_effect(row, "subject", what)]
    return [Waiver(rule, cities, content.topic, _source(row))], []


def _is_part(item: Confirmation, whole: Confirmation) -> bool:
    """Whether a later confirmation is about what remains of an earlier one."""
    return item.topic == whole.topic and len(item.cities) > 1 and set(item.cities) <= set(whole.cities)


def _without_fulfilled(confirmations: list[Confirmation]) -> tuple[Confirmation, ...]:
    """The confirmations without those whose only city left has a place in another one."""
    kept = []
    for item in confirmations:
        others = {city for one in confirmations if one is not item for city in one.cities}
        if len(item.cities) != 1 or item.cities[0] not in others:
            kept.append(item)
    return tuple(kept)


def _content_in(baseline: BaselineTwinnings, row: Row) -> TwinningContent | None:
    twinning = baseline.twinnings.filter(pl.col("twinning_id") == row["subject"])
    if twinning.is_empty():
        return None
    named = baseline.members.filter(pl.col("twinning_id") == row["subject"]).sort("city_id")
    members = tuple(
        Member(application or city, city)
        for application, city in named.select("application_id", "city_id").iter_rows()
    )
    return TwinningContent(str(twinning.item(0, "topic")), members)


class _Members:
    """Finds the members of confirmed twinnings among the candidates of today."""

    def __init__(self, candidates: pl.DataFrame, whereabouts: Whereabouts) -> None:
        self._city_of = dict(candidates.select("application_id", "city_id").iter_rows())
        self._cities = set(self._city_of.values())
        self._whereabouts = whereabouts

    def confirmation(self, row: Row, content: TwinningContent) -> Confirmation:
        """What a confirmation comes to today: who takes part, and who does not and why."""
        present: dict[str, Member] = {}
        absences = []
        for member in content.members:
            city = self._city(member)
            if city is None or city in present:
                absences.append(self._absence(member, city))
            else:
                present[city] = member
        return Confirmation(
            str(row["subject"]),
            content.topic,
            tuple(sorted(present)),
            _source(row),
            tuple(absences),
            renamed=any(city != member.city_id for city, member in present.items()),
        )

    def city_named(self, name: str) -> str | None:
        """The city id that a submission id (or the form in its place) or a city id stands for today."""
        return self._city(Member(name, name))

    def _city(self, member: Member) -> str | None:
        """The city id of a member today: by its form, by the form in its place, or by its city; or None."""
        for form in self._forms(member):
            if form in self._city_of:
                return str(self._city_of[form])
        return member.city_id if member.city_id in self._cities else None

    def _forms(self, member: Member) -> list[str]:
        forms = [member.application_id]
        while (following := self._whereabouts.successors.get(forms[-1])) and following not in forms:
            forms.append(following)
        return forms

    def _absence(self, member: Member, city: str | None) -> Absence:
        name = self._whereabouts.names.get(member.application_id) or member.city_id
        return Absence(member.application_id, name, self._why(member, city))

    def _why(self, member: Member, city: str | None) -> str:
        if city is not None:
            return "its form and that of another member are of one city today"
        absences = self._whereabouts.absences
        known = [absences[form] for form in self._forms(member) if form in absences]
        return known[-1] if known else "its form is not among the usable forms of this round"


def _text(cell: object) -> str | None:
    return None if cell is None else str(cell)


def _source(row: Row) -> str:
    return f"decision {row['decision_id']}"


def _without_effect(row: Row, column: str, what: str) -> Finding:
    return Finding.about_decision(
        str(row["decision_id"]),
        f"The {row['kind']} decision {row['decision_id']} {what}; without effect.",
        expectation="decision_refers_to_something_known",
        column=column,
    )
