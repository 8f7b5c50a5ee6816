"""The commands of the handbook, taken from its Markdown.

Belongs here: which blocks a reader types, and where each begins. Must stay out: typing them
(`test_handbook.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

HANDBOOK = Path(__file__).parents[2] / "docs" / "operations.md"
TYPED, EXAMPLE = "sh", "text"
"""The marks of a block: typed as it stands, in order; an example whose words in capitals are the reader's."""
CAPITALS = re.compile(
    r"(?<![$\w{./-])(?:ROUND|VERSION|SUBMISSION|APPLICATION|TEAM_NAME|FILE|DIR|NAME|WHO|CITY)(?![\w=])"
)
"""Words that stand for something that the reader knows."""


@dataclass(frozen=True)
class Block:
    """A block of the handbook: its mark, the line on which it begins, and its text."""

    mark: str
    line: int
    text: str


def blocks(text: str) -> list[Block]:
    """Every block of a page in order; one without a mark has an empty one."""
    return [
        Block(token.info.strip(), (token.map or [0])[0] + 1, token.content)
        for token in MarkdownIt("commonmark").parse(text)
        if token.type == "fence"
    ]


def typed(text: str) -> list[Block]:
    """The blocks that a reader types, in order."""
    return [block for block in blocks(text) if block.mark == TYPED]
