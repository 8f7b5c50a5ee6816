"""The Criteria, Their Weights And Points, from `rubric.toml`."""

from __future__ import annotations

from programme.rules import Rules


class Rubric(Rules):
    """The Criteria, Their Weights And Points."""
