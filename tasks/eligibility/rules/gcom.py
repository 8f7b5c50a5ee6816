"""The rule `gcom`: a signatory of the Global Covenant of Mayors, or about to become one (FAQ 3.2)."""

from __future__ import annotations

from programme.counts import listed
from programme.rounds import add_months
from programme.vocabulary import Outcome, worst_outcome
from tasks.eligibility.rules.case import Case, RegisterLink, RuleSettings
from tasks.eligibility.rules.cohort_membership import met_if_member
from tasks.eligibility.rules.verdict import Verdict

_MESSAGES: dict[Outcome, str] = {
    "met": "Your city is a signatory of the Global Covenant of Mayors.",
    "conditional": "Your city commits to sign the Global Covenant of Mayors; it has to do so by {due}.",
    "not_met": (
        "A city must be a signatory of the Global Covenant of Mayors, or commit to sign within three months; "
        "your form says neither."
    ),
}
_INACTIVE = (
    "Your form says that {names} has signed the Global Covenant of Mayors; the list of signatories has it "
    "as no longer active. Please tell us whether the signature stands."
)
_AMBIGUOUS = (
    "We could not tell which signatory of the Global Covenant of Mayors {names} is; please send us its name "
    "or id on the list of signatories."
)
_NOT_FOUND = (
    "Your form says that {names} has signed the Global Covenant of Mayors; we did not find it on the list of "
    "signatories. Please send us the name or id under which it signed."
)


def gcom(case: Case, settings: RuleSettings) -> Verdict:
    """A GCoM signatory, or committed to sign within three months of the start of the twinnings (FAQ 3.2).

    Every member of a consortium must be one; the worst of them decides.
    """
    source, claims = settings.source("gcom"), case.form["gcom_status"]
    if case.is_consortium and not case.members():
        message = "Please name the municipalities of your consortium."
        return met_if_member(case, settings, Verdict("unclear", "no municipality named", source, message))
    answers = [_one_link(link, claims) for link in case.gcom]
    outcome = worst_outcome(answer for answer, _ in answers)
    evidence = "; ".join(found for _, found in answers)
    due = add_months(settings.round.twinnings_start, settings.limits.gcom_months_to_sign)
    if outcome == "conditional":
        evidence += f"; due by {due.isoformat()}"
    unsaid = outcome == "met" and claims in ("will_sign", "not_signatory")
    against = "the form does not say so, the list does" if unsaid else None
    if outcome == "unclear":
        message = _what_is_unclear(case, claims)
    else:
        message = _MESSAGES[outcome].format(due=f"{due:%-d %B %Y}")
    return met_if_member(case, settings, Verdict(outcome, evidence, source, message, against))


def _what_is_unclear(case: Case, claims: object) -> str:
    """One sentence for each cause of an unclear link, with the names it concerns."""
    of_sentence: dict[str, list[str]] = {}
    for link in case.gcom:
        if _one_link(link, claims)[0] == "unclear":
            sentence = _AMBIGUOUS if link.outcome == "review" else _INACTIVE if link.row else _NOT_FOUND
            of_sentence.setdefault(sentence, []).append(link.member_name)
    return " ".join(
        sentence.format(names=listed(names) if case.is_consortium else "your city")
        for sentence, names in of_sentence.items()
    )


def _one_link(link: RegisterLink, claims: object) -> tuple[Outcome, str]:
    """The outcome for one name, and what it rests on."""
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
