"""What the starter of a twinning proposes, from `starter.toml`."""

from __future__ import annotations

from pydantic import Field, model_validator

from programme.rules import Rules


class SessionPlan(Rules):
    """One of the sessions of a twinning (FAQ 4.1).

    `goal` is for everyone, `note` for the facilitator; `in_person` says that this is the one that may be held
    in person (FAQ 4.2).
    """

    title: str = Field(min_length=1)
    goal: str = Field(min_length=1)
    note: str = Field(min_length=1)
    in_person: bool


class Starter(Rules):
    """The sessions, how long they are, how soon the first may be, and how far offices stretch their hours."""

    session_minutes: int = Field(ge=15, le=8 * 60)
    notice_days: int = Field(ge=0, le=120)
    stretch_minutes: int = Field(ge=0, le=7 * 60)
    sessions: tuple[SessionPlan, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_in_person(self) -> Starter:
        if sum(session.in_person for session in self.sessions) > 1:
            raise ValueError("at most one session in person (FAQ 4.2)")
        return self
