"""The rule `on_time`: received by the deadline of the round (FAQ 3.1, 3.2)."""

from __future__ import annotations

from datetime import datetime, timedelta

from programme.rounds import Round
from programme.vocabulary import ToolMark
from tasks.eligibility.rules.case import Case, RuleSettings
from tasks.eligibility.rules.verdict import Verdict

TOOL_SAYS: dict[ToolMark, str] = {
    "changed_after_deadline": "the answers were changed after the deadline",
    "not_approved": "the form tool says not approved",
    "preview": "the form tool says preview or test",
    "unfinished": "the form tool says not finished",
}
"""What the form tool says of a form, in words for the evidence."""


def on_time(case: Case, settings: RuleSettings) -> Verdict:
    """Received by the deadline of the round, extension and grace included (FAQ 3.1, 3.2).

    A date before the call opened, and a form of which its tool says that it was changed after the deadline,
    not approved, not finished or a preview, are for a person to judge (assumed). A form carried over was sent
    before this call by its nature; that it could be selected in its own round says that it was on time there.
    """
    round_, moment = settings.round, case.form["submitted_at"]
    deadline = f"{round_.closes:%-d %B %Y}, {round_.closes_at:%H:%M} ({round_.timezone})"
    if case.carried_from is not None:
        evidence = f"carried over from round {case.carried_from}, for which it was on time"
        return Verdict("met", evidence, "decision", "Your form of the earlier call counts in this one.")
    if not isinstance(moment, datetime):
        message = f"We could not read when your form was sent; it had to be sent by {deadline}."
        return Verdict("unclear", "the time stamp of the form could not be read", "form", message)
    if moment < round_.opens_at:
        evidence = (
            f"dated {moment.astimezone(round_.zone):%Y-%m-%d %H:%M}, before the call opened on {round_.opens}"
        )
        message = (
            "The date of your form lies before the opening of the call; please tell us when you sent it."
        )
        return Verdict("unclear", evidence, "form", message)
    evidence = f"received {moment.astimezone(round_.zone):%Y-%m-%d %H:%M:%S} {round_.timezone}"
    if moment < round_.accepted_until:
        if case.tool_marks:
            evidence += "; " + "; ".join(TOOL_SAYS[mark] for mark in case.tool_marks)
            return Verdict(
                "unclear", evidence, "form", "We are checking whether your form counts as it stands."
            )
        evidence += _granted(moment, round_)
        return Verdict("met", evidence, "form", "Your form arrived on time.")
    return Verdict("not_met", evidence, "form", f"Your form arrived after the deadline of {deadline}.")


def _granted(moment: datetime, round_: Round) -> str:
    """What made a form on time that would have been late by the first deadline."""
    if moment >= round_.accepted_until - timedelta(minutes=round_.grace_minutes):
        return ", within the grace"
    extended = moment.astimezone(round_.zone).date() > round_.originally_closes
    return ", within the extension" if extended else ""
