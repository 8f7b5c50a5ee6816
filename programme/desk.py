"""Who may do what at the desk, and the reasons that it offers, from `desk.toml`.

Belongs here: the model and the roles. Must stay out: who has signed in (`desk/access/people.py`). None of it
is part of the rules that a version names: nothing in it changes a result.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from programme.rules import HERE, Rules, read_rules

Role = Literal["read", "decide", "approve"]
ROLES: tuple[Role, ...] = get_args(Role)
"""What somebody may do at the desk; each role includes those before it."""

ANY = "any"
"""The key of phrases that go with any kind of point."""


class DeskRoles(Rules):
    """The role of whoever opens the link of the command, and of people whom the list does not name."""

    link: Role
    others: Role


class DeskRules(Rules):
    """What `desk.toml` says: roles, people by name, and phrases by kind of point and answer."""

    roles: DeskRoles
    people: dict[str, Role]
    phrases: dict[str, dict[str, tuple[str, ...]]]

    def phrases_for(self, point: str, answer: str) -> tuple[str, ...]:
        """The office's reasons for an answer to a kind of point, the one that is taken first."""
        own = self.phrases.get(point, {}).get(answer, ())
        return own or self.phrases.get(ANY, {}).get(answer, ())


def may(role: Role, needed: Role) -> bool:
    """Whether a role includes another: who approves may decide, who decides may read."""
    return ROLES.index(role) >= ROLES.index(needed)


def read_desk_rules(folder: Path = HERE) -> DeskRules:
    """Read `desk.toml`; raises `ProblemsError`."""
    return read_rules(folder, "desk.toml", DeskRules)
