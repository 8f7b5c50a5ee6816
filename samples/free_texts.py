"""Invented free texts and people of the applications.

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


def free_texts(topic: str, rng: Random) -> dict[str, str]:
    """The free texts of part D and E for the topic of first priority, by column."""
    phrases = PHRASES[topic]
    action, challenge = rng.choice(phrases.actions), rng.choice(phrases.challenges)
    expectation, willingness = rng.choice(EXPECTATIONS), rng.choice(WILLINGNESS)
    return {
        "motivation": f"We want to {action}, because {challenge}. {expectation} {willingness}",
        "action_summary": f"The city plans to {action}.",
        "aligned_activities": rng.choice(ACTIVITIES),
        "jurisdiction_gap_plan": rng.choice(GAP_PLANS),
        "good_practices": rng.choice(phrases.practices),
        "lessons": rng.choice(phrases.lessons),
    }


def invented_person(number: int, rng: Random) -> dict[str, str]:
    """A person who plainly does not exist, by column.

    The number makes each name unique, so that a leak can be traced.
    """
    given, family = rng.choice(GIVEN_NAMES), rng.choice(FAMILY_NAMES)
    return {
        "contact_name": f"{given} {family}-{number:03d}",
        "contact_email": f"{given.lower()}.{number:03d}@example.org",
        "contact_role": rng.choice(ROLES),
    }
