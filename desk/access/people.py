"""A person at the desk: the name that decisions carry, and the role.

Belongs here: names and roles. Must stay out: how somebody proves to be that person (`sessions.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

from programme.desk import DeskRules, Role, may

MOST_OF_A_NAME = 120


@dataclass(frozen=True)
class Person:
    """Who has signed in."""

    name: str
    role: Role

    def may(self, needed: Role) -> bool:
        """Whether the person's role includes another."""
        return may(self.role, needed)


def named_by_the_proxy(name: str, rules: DeskRules) -> Person | None:
    """The person whom the office's sign-on names; None where it names nobody."""
    cleaned = clean_name(_as_sent(name))
    return Person(cleaned, rules.people.get(cleaned, rules.roles.others)) if cleaned else None


def _as_sent(header: str) -> str:
    """A header is read as Latin-1; what a sign-on sends is UTF-8 nearly everywhere."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def invited(name: str, rules: DeskRules) -> Person:
    """The person for whom the command makes a link; who is on the list has the role of the list."""
    return Person(name, rules.people.get(name, rules.roles.link))


def clean_name(name: str) -> str:
    """A name on one line of visible characters."""
    visible = "".join(character if character.isprintable() else " " for character in name)
    return " ".join(visible.split())[:MOST_OF_A_NAME]
