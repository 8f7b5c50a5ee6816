"""A suite as Great Expectations writes it down, for an auditor: `python -m expectations.show SUITE [ROUND]`.

Belongs here: printing. Must stay out: any expectation. The JSON names each native expectation with its
arguments, its severity, its reason (`notes`) and what a finding about it says (`meta`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from expectations.check import STAGE_NAMES, stage_suites
from expectations.limits import RoundLimits
from programme.programme import read_programme


def suite_as_json(name: str, round_id: str | None = None) -> str:
    """The suite `name` under the limits of a round (the first one where none is named).

    Raises `KeyError`, with the names there are, where there is no suite of that name.
    """
    programme = read_programme()
    round_ = programme.rounds.get(round_id) if round_id else programme.rounds.rounds[0]
    limits = RoundLimits.of(programme, round_.id, round_.opens_at)
    suites = {suite.name: suite for stage in STAGE_NAMES for suite in stage_suites(stage)}
    if name not in suites:
        raise KeyError(f"no suite {name}; there are {', '.join(suites)}")
    return json.dumps(suites[name].build(limits).to_json_dict(), indent=2, ensure_ascii=False)


def main(arguments: Sequence[str]) -> int:
    """Print one suite."""
    if not 1 <= len(arguments) <= 2:
        sys.stderr.write("usage: python -m expectations.show SUITE [ROUND]\n")
        return 2
    sys.stdout.write(suite_as_json(*arguments) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
