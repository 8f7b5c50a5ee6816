"""What the form asks: columns, parts, headings, choices, from `form.toml`."""

from __future__ import annotations

from programme.rules import Rules


class FormRules(Rules):
    """What the form asks: columns, parts, headings, choices, from `form.toml`."""
