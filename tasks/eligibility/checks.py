"""One rule on one application, with a person's decision over the computed outcome.

Belongs here: the rows of the table `eligibility_checks`, and the finding where evidence contradicts an
outcome. Must stay out: what a rule says (`rules/`), which decisions there are (`outcome_overrides.py`), and
the status of an application (`judge.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from programme.vocabulary import COUNTRY_UNKNOWN, RULES, Outcome, RuleName
from tasks.eligibility.outcome_overrides import Override
from tasks.eligibility.rules.case import Case, RuleSettings
from tasks.eligibility.rules.registry import ANSWERS, RULE_FUNCTIONS
from tasks.eligibility.rules.verdict import Verdict
from warehouse.dictionary.findings import Finding

_NOT_EXAMINED = Verdict(
    "not_applicable",
    "not examined: the form arrived late",
    "form",
    "Not examined, because your form arrived late.",
)
_COUNTRY_MESSAGE = (
    "Your form names no country that we could recognise. Please tell us in which country your city lies; "
    "then we look for it in the registers."
)
_DECIDED_MESSAGES: dict[Outcome, str] = {
    "met": "The programme team has confirmed this point for your city.",
    "conditional": "The programme team has accepted this point on a condition that is still to be fulfilled.",
    "unclear": "The programme team is still examining this point.",
    "not_met": "The programme team has found that this point is not fulfilled.",
    "not_applicable": "The programme team has found that this point does not apply to your city.",
}


@dataclass(frozen=True)
class Check:
    """What one rule came to for one application.

    `computed` is the rule's own verdict, `verdict` the one that counts: with the `override` of a person,
    where there is one.
    """

    application_id: str
    rule: RuleName
    computed: Verdict
    verdict: Verdict
    override: Override | None

    def row(self, clause: str) -> dict[str, object]:
        """The row of the table ELIGIBILITY_CHECKS; `clause` is that of the FAQ."""
        return {
            "application_id": self.application_id,
            "rule": self.rule,
            "outcome": self.verdict.outcome,
            "computed_outcome": self.computed.outcome,
            "evidence": self.verdict.evidence,
            "source": self.verdict.source,
            "clause": clause,
            "message": self.verdict.message,
            "final": self.verdict.final,
            "overridden_by": f"decision {self.override.decision_id}" if self.override else None,
        }

    def contradiction(self) -> Finding | None:
        """The finding where other evidence speaks against the outcome; None where nothing does."""
        against = self.verdict.contradiction
        if against is None:
            return None
        counts = f"The register's word counts for rule {self.rule}"
        return Finding(
            "eligibility_checks",
            "registers_and_form_agree",
            f"{counts}, but other evidence speaks against it: {against}.",
            row_key=f"{self.application_id} {self.rule}",
            column="outcome",
        )


def check_rules(
    case: Case, settings: RuleSettings, overrides: Mapping[tuple[str, str], Override], *, late: bool
) -> list[Check]:
    """Every rule on one application, in the order of `RULES`.

    `overrides` are by application and rule. Of a late form only `on_time` is examined; the other rules are
    not applicable, unless a person decided them.
    """
    return [
        check_rule(rule, case, settings, overrides, examined=rule == "on_time" or not late) for rule in RULES
    ]


def check_rule(
    rule: RuleName,
    case: Case,
    settings: RuleSettings,
    overrides: Mapping[tuple[str, str], Override],
    *,
    examined: bool = True,
) -> Check:
    """One rule on one application; `examined` is false where the rule is not to be applied."""
    computed = _judged(rule, case, settings) if examined else _NOT_EXAMINED
    override = overrides.get((case.application_id, rule))
    return Check(case.application_id, rule, computed, _decided(computed, override), override)


def _judged(rule: RuleName, case: Case, settings: RuleSettings) -> Verdict:
    """The rule's verdict; nobody is turned away by an answer that could not be read: the rule is unclear."""
    verdict = RULE_FUNCTIONS[rule](case, settings)
    if case.waits_for_country(rule) and verdict.outcome != "met":
        return Verdict("unclear", COUNTRY_UNKNOWN, "form", _COUNTRY_MESSAGE)
    unread = sorted(case.unreadable.intersection(ANSWERS[rule]))
    if verdict.outcome not in ("not_met", "conditional") or not unread:
        return verdict
    names = ", ".join(unread)
    return replace(
        verdict,
        outcome="unclear",
        evidence=f"the answer could not be read ({names}); with a blank answer {verdict.outcome} "
        f"({verdict.evidence})",
        message="We could not read an answer of your form; please send it to us again.",
    )


def _decided(computed: Verdict, override: Override | None) -> Verdict:
    if override is None:
        return computed
    evidence = (
        f"decision {override.decision_id}: {override.outcome}; "
        f"without it {computed.outcome} ({computed.evidence})"
    )
    return replace(
        computed,
        outcome=override.outcome,
        evidence=evidence,
        source="decision",
        message=_DECIDED_MESSAGES[override.outcome],
        final=computed.final and override.outcome == "not_met",
    )
