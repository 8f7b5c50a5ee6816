"""The rules that look at the form alone: on time, mandate, participation, motivation, topic (FAQ 3.1, 3.3,
3.4).

Each is a pure function of one case and the setting. Where the programme office may change a number, it is in
`programme/eligibility.toml`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from programme.rounds import Round
from tasks.eligibility.rules.case import Case, RuleSettings
from tasks.eligibility.rules.verdict import Verdict


def on_time(case: Case, setting: RuleSettings) -> Verdict:
    """Received by the deadline of the round, extension and grace included (FAQ 3.1, 3.2)."""
    round_, moment = setting.round, case.form["submitted_at"]
    deadline = f"{round_.closes:%-d %B %Y}, {round_.closes_at:%H:%M} ({round_.timezone})"
    if not isinstance(moment, datetime):
        return Verdict(
            "unclear",
            "the time stamp of the form could not be read",
            "form",
            f"We could not read when your form was sent; it had to be sent by {deadline}.",
        )
    local = moment.astimezone(round_.zone)
    evidence = f"received {local:%Y-%m-%d %H:%M:%S} {round_.timezone}"
    if moment < round_.accepted_until:
        return Verdict("met", evidence + _thanks_to(moment, round_), "form", "Your form arrived on time.")
    return Verdict("not_met", evidence, "form", f"Your form arrived after the deadline of {deadline}.")


def _thanks_to(moment: datetime, round_: Round) -> str:
    """What made a form on time that the first deadline alone would not have."""
    if moment >= round_.accepted_until - timedelta(minutes=round_.grace_minutes):
        return ", within the grace"
    return (
        ", within the extension" if moment.astimezone(round_.zone).date() > round_.originally_closes else ""
    )


def mandate(case: Case, _setting: RuleSettings) -> Verdict:
    """A clear, official mandate to apply on behalf of the city (FAQ 3.3.1, 3.4); two departments with
    different topics cannot both have it.
    """
    if case.rivals and case.form["mandate"] != "none":
        others = ", ".join(case.rivals)
        return Verdict(
            "unclear",
            f"another department of the same city applied with other topics: {others}",
            "form",
            "More than one department of your city applied, with different topics; please tell us which application stands.",
        )
    answer = case.form["mandate"]
    match answer:
        case "official_letter" | "confirmed":
            return Verdict(
                "met", f"mandate: {answer}", "form", "You hold a mandate to apply on behalf of the city."
            )
        case "in_progress":
            return Verdict(
                "unclear",
                "mandate: in_progress",
                "form",
                "Your mandate is still in progress; please confirm it when it is given.",
            )
        case "none":
            return Verdict(
                "not_met",
                "mandate: none",
                "form",
                "An official mandate to apply on behalf of the city is needed.",
            )
    return Verdict(
        "unclear",
        "mandate left blank",
        "form",
        "Please tell us whether you hold a mandate to apply on behalf of the city.",
    )


def participation(case: Case, _setting: RuleSettings) -> Verdict:
    """Ready to take part in English, with adequate resources (FAQ 3.3.2)."""
    answers = {"English": case.form["english_confirmed"], "resources": case.form["resources_confirmed"]}
    evidence = ", ".join(
        f"{name}: {'blank' if value is None else 'yes' if value else 'no'}" for name, value in answers.items()
    )
    if all(value is True for value in answers.values()):
        return Verdict(
            "met",
            evidence,
            "form",
            "You confirmed that your team can work in English and that resources are committed.",
        )
    refused = [name for name, value in answers.items() if value is False]
    if refused:
        return Verdict(
            "not_met",
            evidence,
            "form",
            f"Taking part needs English and committed resources; you answered no to: {', '.join(refused)}.",
        )
    blank = [name for name, value in answers.items() if value is None]
    return Verdict(
        "unclear", evidence, "form", f"Please answer the question you left blank on: {', '.join(blank)}."
    )


def motivation(case: Case, setting: RuleSettings) -> Verdict:
    """A coherent motivation, with expectations and the willingness to share (FAQ 3.3.3); only its length can
    be judged by a rule.
    """
    minimum = setting.limits.motivation_minimum_words
    words = len(str(case.form["motivation"] or "").split())
    evidence = f"{words} words; the minimum is {minimum}"
    if words == 0:
        return Verdict("not_met", "left blank", "form", "The motivation was left blank.")
    if words < minimum:
        return Verdict(
            "unclear",
            evidence,
            "form",
            f"Your motivation has {words} words; please say more on why, what you expect and what you would share.",
        )
    return Verdict("met", evidence, "form", "You gave your motivation.")


def topic(case: Case, setting: RuleSettings) -> Verdict:
    """At least one of the programme's topics (FAQ 1.2, 3.3.4)."""
    named = [case.form[f"topic_{n}"] for n in (1, 2, 3)]
    known = [str(value) for value in named if value in setting.topic_ids]
    if known:
        return Verdict(
            "met", "topics: " + ", ".join(known), "form", "You named at least one of the programme's topics."
        )
    if any(value is not None for value in named):
        return Verdict(
            "unclear",
            "only a topic outside the twelve",
            "form",
            "Please name at least one of the programme's twelve topics.",
        )
    return Verdict("not_met", "left blank", "form", "No topic was named.")
