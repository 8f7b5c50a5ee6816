"""One watch over all rounds: what is expected and is not there, and a Prefect server that is dead.

It runs outside of Prefect, from cron or systemd, since a dead server cannot tell of itself. Belongs here:
what is looked at. Must stay out: what is expected (`expected.py`) and telling (`telling.py`).
"""

from __future__ import annotations

from datetime import datetime

from flows.context import AppContext
from flows.operations.asking import answer_of
from flows.operations.expected import round_lines
from flows.operations.line import Line, NoAnswer, broken
from flows.operations.prefect_facts import Api, prefect_facts
from flows.operations.prefect_health import prefect_lines
from flows.operations.watch_facts import round_seen
from flows.settings import prefect_server
from programme.rounds import Round
from programme.watch import WatchRules


def watched(context: AppContext, rules: WatchRules, now: datetime) -> list[Line]:
    """A line for each round, and one for each thing that is broken about Prefect where a server is named."""
    rounds = answer_of(lambda: context.rounds.rounds)
    if isinstance(rounds, NoAnswer):
        return [broken("rules", rounds.why, "Correct it; nothing is known about the rounds until then.")]
    lines = [line for round_ in rounds for line in _about(context, round_, rules, now)]
    server = prefect_server()
    if server is not None:
        facts = answer_of(lambda: prefect_facts(Api(*server), rounds, now))
        lines += [line for line in prefect_lines(facts, now) if line.health == "broken"]
    return lines


def _about(context: AppContext, round_: Round, rules: WatchRules, now: datetime) -> list[Line]:
    seen = answer_of(lambda: round_seen(context, round_))
    if isinstance(seen, NoAnswer):
        found = f"the storage does not answer: {seen.why}"
        return [broken(round_.id, found, "Mend it (city2city doctor).")]
    return round_lines(round_, seen, rules, now)
