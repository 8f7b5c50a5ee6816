"""The rules about the city itself: local government, population, GCoM, climate plan, cohort (FAQ 3.2, 3.3.1).

Each is a pure function of one case and the setting. The registers outrank the form: a form that claims more
than the register knows makes the outcome unclear; where the register knows more, its row counts and the
difference is reported as a contradiction.
"""

from __future__ import annotations

import re

from programme.rounds import add_months
from programme.vocabulary import Outcome, worst_outcome
from tasks.eligibility.rules.case import Case, Link, RuleSettings, number
from tasks.eligibility.rules.verdict import Verdict

ON_REGISTERS_WORD = "accepted cohort member; the cohort checked this when it accepted the city"


def local_government(case: Case, setting: RuleSettings) -> Verdict:
    """A local government, or another body with an official letter from one (FAQ 3.2 first bullet, 3.3.1)."""
    kind, mandate = str(case.form["applicant_type"]), case.form["mandate"]
    named = kind.replace("_", " ")
    if kind in setting.limits.local_government_types:
        return Verdict("met", f"applicant type: {kind}", "form", "You apply as a local government.")
    evidence = f"applicant type: {kind}, mandate: {mandate or 'blank'}"
    if mandate == "official_letter":
        return Verdict(
            "conditional",
            evidence,
            "form",
            f"As a {named} you can apply on behalf of a city once its official letter is confirmed.",
        )
    if mandate == "none":
        return Verdict(
            "not_met",
            evidence,
            "form",
            f"A {named} can only apply with a clear mandate from an eligible city.",
        )
    return Verdict(
        "unclear",
        evidence,
        "form",
        f"As a {named} you need an official letter from an eligible city; please send it.",
    )


def population(case: Case, setting: RuleSettings) -> Verdict:
    """At least 50,000 inhabitants in total (FAQ 3.2); a consortium counts in total (assumed). Every source
    that gives a figure is heard.
    """
    minimum = setting.limits.population_minimum
    figures = population_figures(case)
    evidence = "; ".join(f"{name} {value:,}" for name, value in figures.items()) or "no figure in any source"
    sides = {value >= minimum for value in figures.values()}
    best = next(iter(figures), "form")
    if case.is_member:
        against = f"below {minimum:,} by: {evidence}" if False in sides else None
        return Verdict(
            "met",
            f"{ON_REGISTERS_WORD}; {evidence}",
            setting.source("cohort"),
            "Your city is an accepted member of the UTM City Cohort.",
            against,
        )
    if sides == {True}:
        return Verdict(
            "met", evidence, setting.source(best), f"Your city has at least {minimum:,} inhabitants."
        )
    if sides == {False}:
        return Verdict(
            "not_met", evidence, setting.source(best), f"A city needs at least {minimum:,} inhabitants."
        )
    if sides:
        return Verdict(
            "unclear",
            evidence,
            setting.source(best),
            f"Our sources disagree on whether your city has at least {minimum:,} inhabitants.",
        )
    return Verdict(
        "unclear", evidence, setting.source(best), "Please tell us how many inhabitants your city has."
    )


def population_figures(case: Case) -> dict[str, int]:
    """Source to inhabitants, best source first: cohort, GCoM, gazetteer (only where no register has a
    figure), form.

    A consortium's figure from the GCoM or the form is the sum over its members, where every one of them has a
    figure; the form's own total counts where a member's figure is missing.
    """
    members = [number(member["population"]) for member in case.members()]
    form = _total(members) or number(case.form["population"])
    figures = {
        "cohort": number(case.cohort.row["population"]) if case.cohort.row else None,
        "gcom": _total(_inhabitants(case.gcom)),
        "gazetteer": case.gazetteer_population,
        "form": form,
    }
    if figures["cohort"] or figures["gcom"] or case.is_consortium:
        figures["gazetteer"] = None
    return {name: value for name, value in figures.items() if value}


def _inhabitants(links: tuple[Link, ...]) -> list[int | None]:
    """Inhabitants of each linked row, one row counted once (two names of a form may mean one signatory); None
    for a name without one.
    """
    rows = {str(link.row["gcom_id"]) if link.row else f"none {n}": link.row for n, link in enumerate(links)}
    return [number(row["population"]) if row else None for row in rows.values()]


def _total(values: list[int | None]) -> int | None:
    return sum(v for v in values if v) if values and all(values) else None


def gcom(case: Case, setting: RuleSettings) -> Verdict:
    """A GCoM signatory, every member of a consortium, or committed to sign within three months (FAQ 3.2)."""
    links = case.gcom
    claims = case.form["gcom_status"]
    source = setting.source("gcom")
    if case.is_consortium and not case.members():
        return _member_or(
            case,
            setting,
            Verdict(
                "unclear",
                "no municipality named",
                source,
                "Please name the municipalities of your consortium.",
            ),
        )
    single: list[tuple[Outcome, str]] = [_gcom_link(link, claims) for link in links]
    outcome = worst_outcome([item[0] for item in single])
    evidence = "; ".join(item[1] for item in single)
    due = add_months(setting.round.twinnings_start, setting.limits.gcom_months_to_sign)
    message = {
        "met": "Your city is a signatory of the Global Covenant of Mayors.",
        "conditional": f"Your city commits to sign the Global Covenant of Mayors; it has to do so by {due:%-d %B %Y}.",
        "unclear": "We could not settle which signatory of the Global Covenant of Mayors you are; please send us its name or id there.",
        "not_met": "A city must be a signatory of the Global Covenant of Mayors or commit to sign within three months.",
    }[outcome]
    if outcome == "conditional":
        evidence += f"; due by {due.isoformat()}"
    more = (
        "the form does not say so, the list does"
        if outcome == "met" and claims in ("will_sign", "not_signatory")
        else None
    )
    return _member_or(case, setting, Verdict(outcome, evidence, source, message, more))


def _gcom_link(link: Link, claims: object) -> tuple[Outcome, str]:
    if link.outcome == "review":
        return "unclear", f"{link.member_name}: link ambiguous"
    if link.row is not None:
        if link.row["status"] == "active":
            return "met", f"{link.member_name}: active signatory {link.row['gcom_id']}"
        found = f"{link.member_name}: signatory {link.row['gcom_id']} is {link.row['status']}"
    else:
        found = f"{link.member_name}: no signatory" + (" (a person decided)" if link.ruled_out else " found")
    if claims == "will_sign":
        return "conditional", f"{found}; commits to sign"
    if claims == "signatory" and not link.ruled_out:
        return "unclear", f"{found}; the form says signatory"
    return "not_met", found


def climate_plan(case: Case, setting: RuleSettings) -> Verdict:
    """An adopted climate plan that covers the whole city, every member of a consortium (FAQ 3.2)."""
    status, kind, covers = (
        case.form["plan_status"],
        case.form["plan_type"],
        case.form["plan_covers_whole_city"],
    )
    document = is_document(case.form["plan_url"])
    members = case.members()
    statuses = [member["plan_status"] for member in members] if case.is_consortium else [status]
    evidence = f"{kind or 'no kind'}, {status or 'no status'}, whole city: {_word(covers)}, document: {'given' if document else 'missing'}"
    if members:
        evidence += "; " + ", ".join(
            f"{member['name']}: {member['plan_status'] or 'no status'}" for member in members
        )
    if members_unnamed := case.is_consortium and not members:
        evidence += "; no municipality named"
    if covers is False or _no_plan(kind, status) or any(s in ("none", "in_preparation") for s in statuses):
        verdict = Verdict(
            "not_met", evidence, "form", "A climate plan that is adopted and covers the whole city is needed."
        )
    elif (
        members_unnamed
        or any(s != "adopted" for s in statuses)
        or covers is None
        or not document
        or kind not in setting.limits.accepted_plan_types
    ):
        verdict = Verdict(
            "unclear",
            evidence,
            "form",
            "Please send us the adopted climate plan and say whether it covers the whole city.",
        )
    else:
        verdict = Verdict(
            "met", evidence, "form", "Your city has an adopted climate plan that covers the whole city."
        )
    return _member_or(case, setting, verdict)


def _no_plan(kind: object, status: object) -> bool:
    """Whether the form says that no plan is adopted; an adopted plan of no kind contradicts itself and is for
    a person to look at.
    """
    return status in ("none", "in_preparation") or (kind == "none" and status is None)


def is_document(url: object) -> bool:
    """Whether a cell can be the address of a document: one word with a dot in it. It is never followed."""
    return bool(re.fullmatch(r"\S+\.\S+", str(url or "").strip()))


def _word(answer: object) -> str:
    return "blank" if answer is None else "yes" if answer else "no"


def _member_or(case: Case, setting: RuleSettings, verdict: Verdict) -> Verdict:
    # FAQ 3.2, scenario 1: a member is already eligible in principle; evidence against it goes to the ops
    # team, not to the applicant.
    if not case.is_member:
        return verdict
    against = verdict.evidence if verdict.outcome == "not_met" else verdict.contradiction
    return Verdict(
        "met",
        f"{ON_REGISTERS_WORD}; {verdict.evidence}",
        setting.source("cohort"),
        "Your city is an accepted member of the UTM City Cohort.",
        against,
    )
