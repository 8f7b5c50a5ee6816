"""What a what-if came to, in sentences: the worth before and after, and the proof.

Belongs here: the words, which the terminal and the desk share. Must stay out: asking
(`tasks/matchmaking/explain/what_if.py`).
"""

from __future__ import annotations

from tasks.matchmaking.explain.what_if import Difference
from tasks.matchmaking.problem import Proof


def nothing_changes(answer: Difference, title: str) -> str:
    """That the twinnings stay, and why their worth may differ all the same."""
    if round(answer.after - answer.before, 2) == 0:
        return f"{title}: nothing would change."
    return (
        f"{title}: the same cities would be twinned on the same topics, but that would be worth less or more:"
    )


def worth_text(before: float, after: float) -> str:
    """What the selection is worth before and after, in a sentence."""
    difference = round(after - before, 2)
    if difference == 0:
        return (
            f"The selection is worth {before:.2f} points (its value less what the balance costs), as before."
        )
    change = f"{abs(difference):.2f} points {'more' if difference > 0 else 'less'}"
    return (
        f"The selection would be worth {after:.2f} points (its value less what the balance costs), {change} "
        f"than now ({before:.2f})."
    )


def proof_text(proof: Proof, seconds: float) -> str:
    """The proof in a sentence or two."""
    bound = (
        "no selection can be worth more"
        if proof.gap <= 0
        else f"no selection can be worth more than {proof.bound:.2f}, {proof.gap:.2f} above it"
    )
    return (
        f"Proven: {bound}. Objective {proof.objective:.2f} = value {proof.value:.2f} + "
        f"{proof.stability_bonus:.2f} for what stays as it was - {proof.balance_cost:.2f} for the balance. "
        f"{proof.groups:,} groups were possible, {proof.columns:,} had to be looked at closely, "
        f"in {seconds:.2f} s."
    )
