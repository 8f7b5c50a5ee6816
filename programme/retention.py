"""How long what is personal is kept, from `retention.toml`.

Belongs here: the kinds and their periods. Must stay out: what is due (`flows/retention.py`) and erasing. No
result rests on it, so it is no part of the rules that a version is made by.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Literal, get_args

from pydantic import Field, model_validator

from programme.rounds import Round
from programme.rules import HERE, Rules, read_rules

RetentionKind = Literal["unused", "not_selected", "selected", "letters", "workbooks"]
"""Kinds of what is personal: forms by what became of them, letters, and workbooks of evaluators."""


class KeptKind(Rules):
    """One kind: what it is, why it is kept, and until when."""

    kind: RetentionKind
    what: str = Field(min_length=1)
    why: str = Field(min_length=1)
    after: Literal["closes", "twinnings_start"]
    days: int = Field(ge=0, le=36_500)
    source: str = Field(min_length=1)

    def until(self, round_: Round) -> date:
        """The last day on which it is kept for a round."""
        start: date = round_.closes if self.after == "closes" else round_.twinnings_start
        return start + timedelta(days=self.days)


class Retention(Rules):
    """Every kind, each once."""

    kinds: tuple[KeptKind, ...]

    @model_validator(mode="after")
    def _each_once(self) -> Retention:
        named, known = [item.kind for item in self.kinds], get_args(RetentionKind)
        if sorted(named) != sorted(known):
            raise ValueError(f"each of {', '.join(known)} once")
        return self

    def of(self, kind: RetentionKind) -> KeptKind:
        """The period of a kind."""
        return next(item for item in self.kinds if item.kind == kind)


def read_retention(folder: Path = HERE) -> Retention:
    """Read `retention.toml`; a folder of rules without it has the periods of the program.

    Raises `ProblemsError`.
    """
    there = (folder / "retention.toml").is_file()
    return read_rules(folder if there else HERE, "retention.toml", Retention)
