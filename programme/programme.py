"""All rules at once, and the fingerprint by which a version names them.

Belongs here: which rules files there are. Must stay out: what is in them (a model per file).
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from programme.eligibility import EligibilityLimits
from programme.expectations import ExpectedCounts
from programme.form import ExportProfile, FormRules
from programme.letters import LetterWording
from programme.linking import LinkingRules
from programme.matchmaking import MatchmakingRules
from programme.problems import Problem, ProblemsError
from programme.public import PublicRules
from programme.regions import Regions
from programme.rounds import Rounds
from programme.rubric import Rubric
from programme.rules import HERE, Rules, read_rules
from programme.senders import Senders
from programme.starter import Starter
from programme.topics import Topics

SECTIONS: dict[str, type[Rules]] = {
    "rounds": Rounds,
    "topics": Topics,
    "regions": Regions,
    "form": FormRules,
    "eligibility": EligibilityLimits,
    "senders": Senders,
    "linking": LinkingRules,
    "letters": LetterWording,
    "rubric": Rubric,
    "matchmaking": MatchmakingRules,
    "expectations": ExpectedCounts,
    "starter": Starter,
    "public": PublicRules,
}
"""Name of each file (without `.toml`) and the model that reads it."""


PROFILES = "profiles"
"""Folder beside the rules files that holds profiles of form tools which the office added."""


NO_RULES_OF_RESULTS: Any = {
    "letters": True,
    "expectations": {"files": True, "feedback": True},
    "form": {"feedback": True},
    "matchmaking": {"limits": {"sufficient_work": True, "on_demand_candidates": True}},
    "rounds": {"approvals": True, "blocking": True, "rounds": {"__all__": {"approvals"}}},
}
"""What no table of a version rests on."""


def results_rest_on(file: str, key: str) -> bool:
    """Whether results rest on a value of the rules; `key` is dotted, an entry of a list stands in brackets.

    A key within what no table rests on is one on which none rests.
    """
    left_out = NO_RULES_OF_RESULTS.get(file.removesuffix(".toml"), {})
    for name in re.sub(r"\[.*?\]", ".__all__", key).split("."):
        if left_out is True:
            return False
        left_out = left_out.get(name, {}) if isinstance(left_out, dict) else name in left_out or {}
    return left_out is not True


class Programme(Rules):
    """Everything the programme decided: one attribute per rules file."""

    rounds: Rounds
    topics: Topics
    regions: Regions
    form: FormRules
    eligibility: EligibilityLimits
    senders: Senders
    linking: LinkingRules
    letters: LetterWording
    rubric: Rubric
    matchmaking: MatchmakingRules
    expectations: ExpectedCounts
    starter: Starter
    public: PublicRules

    @property
    def fingerprint(self) -> str:
        """sha256 of the values that results rest on; comments and layout do not count.

        A version says with it by which rules it was made. What is done with a version (who approves it, how
        letters are worded) is no such rule.
        """
        values = self.model_dump(mode="json", exclude=NO_RULES_OF_RESULTS)
        return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def read_programme(folder: Path = HERE) -> Programme:
    """Read every rules file of `folder`; raises `ProblemsError` with the mistakes of all files together."""
    problems: list[Problem] = []
    sections: dict[str, Rules] = {}
    for name, model in SECTIONS.items():
        try:
            sections[name] = read_rules(folder, f"{name}.toml", model)
        except ProblemsError as error:
            problems.extend(error.problems)
    try:
        profiles = read_profiles(folder)
    except ProblemsError as error:
        problems.extend(error.problems)
    if problems:
        raise ProblemsError(problems)
    form = sections["form"]
    if isinstance(form, FormRules) and profiles:
        sections["form"] = form.model_copy(update={"profiles": {**form.profiles, **profiles}})
    return Programme(**sections)


def rules_files(folder: Path = HERE) -> dict[str, str]:
    """The texts of the files that `read_programme` reads, by their path below the folder."""
    names = [f"{name}.toml" for name in SECTIONS]
    names += [f"{PROFILES}/{file.name}" for file in sorted((folder / PROFILES).glob("*.toml"))]
    return {name: (folder / name).read_text("utf-8") for name in names}


def read_profiles(folder: Path) -> dict[str, ExportProfile]:
    """Profiles of form tools beside those of `form.toml`: one file each in the folder `profiles`.

    `city2city map` writes them. The name of a file is the name of its profile. Raises `ProblemsError`.
    """
    files = sorted((folder / PROFILES).glob("*.toml"))
    return {file.stem: read_rules(folder, f"{PROFILES}/{file.name}", ExportProfile) for file in files}
