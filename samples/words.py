"""Free texts and people of the invented applications.

Belongs here: how phrases become answers. Must stay out: the phrases (`phrases.py`) and hostile texts
(`hostile.py`).
"""

from __future__ import annotations

from random import Random

from samples.phrases import ACTIVITIES, EXPECTATIONS, GAP_PLANS, PHRASES, WILLINGNESS

GIVEN_NAMES = (
    "Alex",
    "Robin",
    "Sam",
    "Noor",
    "Kim",
    "Jordan",
    "Sasha",
    "Andrea",
    "Ariel",
    "Chris",
    "Dana",
    "Toni",
)
FAMILY_NAMES = ("Sample", "Example", "Specimen", "Placeholder", "Fictional")
ROLES = (
    "Head of unit",
    "Climate officer",
    "Deputy mayor's office",
    "Director of public works",
    "Project manager",
)


def texts(topic: str, draw: Random) -> dict[str, str]:
    """The free texts of part D and E for the topic of first priority, by column."""
    phrases = PHRASES[topic]
    action, challenge = draw.choice(phrases.actions), draw.choice(phrases.challenges)
    return {
        "motivation": f"We want to {action}, because {challenge}. {draw.choice(EXPECTATIONS)} {draw.choice(WILLINGNESS)}",
        "action_summary": f"The city plans to {action}.",
        "aligned_activities": draw.choice(ACTIVITIES),
        "jurisdiction_gap_plan": draw.choice(GAP_PLANS),
        "good_practices": draw.choice(phrases.practices),
        "lessons": draw.choice(phrases.lessons),
    }


def person(number: int, draw: Random) -> dict[str, str]:
    """Somebody who plainly does not exist, by column; the number keeps each name unique, so that a leak can
    be traced.
    """
    given, family = draw.choice(GIVEN_NAMES), draw.choice(FAMILY_NAMES)
    return {
        "contact_name": f"{given} {family}-{number:03d}",
        "contact_email": f"{given.lower()}.{number:03d}@example.org",
        "contact_role": draw.choice(ROLES),
    }
