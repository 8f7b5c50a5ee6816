"""All rules at once, and the fingerprint by which a version names them.

Belongs here: which rules files there are. Must stay out: what is in them (a model per file).
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from programme.eligibility import EligibilityLimits
from programme.expectations import ExpectedCounts
from programme.form import FormRules
from programme.letters import LetterWording
from programme.linking import LinkingRules
from programme.matchmaking import MatchmakingRules
from programme.problems import Problem, ProblemsError
from programme.regions import Regions
from programme.rounds import Rounds
from programme.rubric import Rubric
from programme.rules import HERE, Rules, read_rules
from programme.topics import Topics

SECTIONS: dict[str, type[Rules]] = {
    "rounds": Rounds,
    "topics": Topics,
    "regions": Regions,
    "form": FormRules,
    "eligibility": EligibilityLimits,
    "linking": LinkingRules,
    "letters": LetterWording,
    "rubric": Rubric,
    "matchmaking": MatchmakingRules,
    "expectations": ExpectedCounts,
}
"""Name of each file (without `.toml`) and the model that reads it."""


class Programme(Rules):
    """Everything the programme decided: one attribute per rules file."""

    rounds: Rounds
    topics: Topics
    regions: Regions
    form: FormRules
    eligibility: EligibilityLimits
    linking: LinkingRules
    letters: LetterWording
    rubric: Rubric
    matchmaking: MatchmakingRules
    expectations: ExpectedCounts

    @property
    def fingerprint(self) -> str:
        """sha256 of the values; comments and layout do not count.

        A version says with it by which rules it was made.
        """
        return hashlib.sha256(
            json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False).encode()
        ).hexdigest()


def read_programme(folder: Path = HERE) -> Programme:
    """Read every rules file of `folder`; raises `ProblemsError` with the mistakes of all files together."""
    problems: list[Problem] = []
    sections: dict[str, Rules] = {}
    for name, model in SECTIONS.items():
        try:
            sections[name] = read_rules(folder, f"{name}.toml", model)
        except ProblemsError as error:
            problems.extend(error.problems)
    if problems:
        raise ProblemsError(problems)
    return Programme(**sections)
