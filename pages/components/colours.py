"""How topics are told apart: a colour, and a pattern where a colour comes again.

Belongs here: which of them a topic has. Must stay out: the colours themselves (`style.css`, in both themes).
Six colours that people with any kind of colour vision tell apart, times the patterns of a line; and a number
stands at every line, so that nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence

HUES = 6
PATTERNS = ("solid", "dashed", "dotted", "dash-dot")


def topic_classes(topic_ids: Sequence[str]) -> dict[str, str]:
    """The classes of the stylesheet for each topic, in the programme's order."""
    patterns = [PATTERNS[n // HUES % len(PATTERNS)] for n in range(len(topic_ids))]
    return {topic: f"hue-{n % HUES + 1} {patterns[n]}" for n, topic in enumerate(topic_ids)}
