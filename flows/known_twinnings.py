"""Twinnings of a round by their id, whatever version has them.

Belongs here: looking a twinning up in the versions of its round, the newest first. Must stay out: what is
decided about it (`tasks/decisions/confirmations.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from flows.context import AppContext
from tasks.decisions.confirmations import TwinningContent
from tasks.eligibility.taken_cities import twinning_contents
from warehouse.snapshots import DamagedVersionError, latest_version, read_table


class KnownTwinnings:
    """The twinnings of one round; versions are read one after the other until an id is found."""

    def __init__(self, context: AppContext, round_id: str) -> None:
        self._found: dict[str, TwinningContent] = {}
        self._versions = _contents(context, round_id)

    def find(self, twinning_id: str) -> TwinningContent | None:
        """What a twinning is; None where no version of the round has it."""
        while twinning_id not in self._found:
            contents = next(self._versions, None)
            if contents is None:
                return None
            self._found = contents | self._found
        return self._found[twinning_id]

    def ids(self) -> list[str]:
        """Every id that a version of the round has, sorted."""
        for contents in self._versions:
            self._found = contents | self._found
        return sorted(self._found)


def _contents(context: AppContext, round_id: str) -> Iterator[dict[str, TwinningContent]]:
    """The twinnings of each version, the newest first; a damaged one has none."""
    names = ("twinnings", "twinning_members")
    for version in range(latest_version(context.storage, round_id) or 0, 0, -1):
        try:
            tables = {name: read_table(context.storage, round_id, version, name) for name in names}
        except DamagedVersionError:
            continue
        yield twinning_contents(tables)
