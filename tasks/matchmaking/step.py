"""The matchmaking, start to end: choose with proof, explain, verify.

Belongs here: the order of the step. Must stay out: any arithmetic.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from programme.matchmaking import STEPS_PER_POINT
from tasks.matchmaking.certificate.certify import certificate_table
from tasks.matchmaking.certificate.premises import premises_table
from tasks.matchmaking.choice import UNWATCHED, Choice, Watch, choose, proof_of
from tasks.matchmaking.explain.insisted_pins import insisted_pins
from tasks.matchmaking.explain.losses import Losses, limit_findings
from tasks.matchmaking.explain.preferred_partners import preferred_partners
from tasks.matchmaking.explain.sensitivity import sensitivity_table
from tasks.matchmaking.explain.unplaced import unplaced_table
from tasks.matchmaking.problem import MatchingProblem, MatchingResult
from tasks.matchmaking.tables import reasons_table
from tasks.matchmaking.value.hard_rules import rules_beside_worth
from tasks.matchmaking.verify import verify
from warehouse.dictionary.findings import Finding, findings_frame


def match(problem: MatchingProblem, watch: Watch = UNWATCHED) -> MatchingResult:
    """The best selection of twinnings of a problem, proven, explained and verified.

    Where people's decisions cannot hold together, nothing is selected, and a finding of severity `stop` names
    an irreducible set of them. Where a limit of the rules or the clock of `watch` ends the proof or the
    explanations, a finding says so. Raises nothing for whatever a form, a register or a decision can hold.
    """
    choice = choose(problem, watch)
    losses = Losses(choice)
    sensitivity = sensitivity_table(choice, losses)
    preferences = preferred_partners(choice, losses)
    unplaced = unplaced_table(choice, losses)
    findings = [*choice.reduced.findings, *_infeasible(choice), *_unknown_hours(choice)]
    findings += [*_insisted(choice), *insisted_pins(choice), *_about_credits(problem)]
    if not choice.reduced.infeasible_subsets:
        findings += verify(problem, choice.twinnings, choice.members, unplaced, choice.balance)
    proof = proof_of(choice)
    premises = premises_table(choice)
    certificate = certificate_table(choice, premises, losses.distances, losses.solved)
    findings += [*limit_findings(losses), *_unproven(choice, certificate)]
    return MatchingResult(
        twinnings=choice.twinnings,
        twinning_members=choice.members,
        unplaced=unplaced,
        preferences=preferences,
        findings=findings_frame(findings),
        proof=proof,
        twinning_reasons=reasons_table(choice.all_twinnings, choice.facts),
        twinning_sensitivity=sensitivity,
        balance=choice.balance,
        matching_facts=premises,
        certificate=certificate,
    )


def _about_credits(problem: MatchingProblem) -> list[Finding]:
    """What is to be known of the round that credits come from: no credit for want of knowledge is silent."""
    notes = problem.credits.drop_nulls("note")["note"].unique().sort()
    return [Finding.about_table("twinnings", "credits_are_known", note) for note in notes]


def _infeasible(choice: Choice) -> list[Finding]:
    return [
        Finding.stop("decisions", "decisions_can_hold_together", one.message)
        for one in choice.reduced.infeasible_subsets
    ]


def _unproven(choice: Choice, certificate: pl.DataFrame) -> list[Finding]:
    """Where the proof is known to us and yet too long for a certificate, a stranger sees a gap."""
    claims = dict(certificate.filter(item="claim").select("what", "value").iter_rows())
    if not claims or not choice.solution.proven or claims["bound"] <= claims["objective"]:
        return []
    gap = (claims["bound"] - claims["objective"]) / STEPS_PER_POINT
    words = f"The certificate proves the selection best but for {gap:.2f} points. The whole proof is longer."
    return [Finding.about_table("certificate", "certificate_proves_the_selection_best", words)]


def _unknown_hours(choice: Choice) -> list[Finding]:
    """Shared hours cannot be judged without a time zone: not an exclusion, but a person should look."""
    people = (choice.facts.applicants[i] for i in choice.reduced.free)
    return [
        Finding(
            "candidates",
            "time_zone_is_known",
            "The time zone is not known, so shared working hours were not judged.",
            row_key=one.application_id,
            column="timezone",
        )
        for one in people
        if one.utc_offset is None
    ]


def _insisted(choice: Choice) -> list[Finding]:
    """Hard rules that a twinning breaks because a recorded decision insists on it: nobody overlooks them."""
    without = replace(choice.facts, overridden={})
    return [
        Finding(
            "twinnings",
            "hard_rules_hold_unless_overridden",
            f"{one.words} ({one.rule}). A recorded pin insists on this twinning.",
            row_key=twinning.twinning_id,
        )
        for twinning in choice.chosen
        for one in rules_beside_worth(twinning.group, twinning.topic, without)
    ]
