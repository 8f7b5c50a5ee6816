"""How A Name Is Linked To A Register: Points, Thresholds, Margins, from `linking.toml`."""

from __future__ import annotations

from programme.rules import Rules


class LinkingRules(Rules):
    """How A Name Is Linked To A Register: Points, Thresholds, Margins."""
