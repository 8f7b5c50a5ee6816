"""What Makes A Good Twinning: Aspects, Weights, Targets, from `matchmaking.toml`."""

from __future__ import annotations

from programme.rules import Rules


class MatchmakingRules(Rules):
    """What Makes A Good Twinning: Aspects, Weights, Targets."""
