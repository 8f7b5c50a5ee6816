"""The kept lines of decisions without the reasons that are erased in the database.

Belongs here: writing the lines anew, byte for byte but for those reasons. Whoever calls it holds the
database, so that nobody appends a line meanwhile. Must stay out: which reasons are erased.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from warehouse.dictionary.decision_ids import ERASED
from warehouse.kept_lines import lines_path, read_text_lines
from warehouse.storage import Storage


def erase_reasons(storage: Storage, round_ids: Iterable[str], decision_ids: Collection[str]) -> None:
    """Erase the reasons of these decisions from the lines of each round."""
    for round_id in round_ids:
        lines = read_text_lines(storage, round_id, "decisions")
        new = [_without_reason(line, decision_ids) for line in lines]
        if new != lines:
            storage.write(lines_path(round_id, "decisions"), "\n".join(new).encode(), private=True)


def _without_reason(line: str, decision_ids: Collection[str]) -> str:
    try:
        row = json.loads(line)
    except ValueError:
        return line
    if not isinstance(row, dict) or row.get("decision_id") not in decision_ids:
        return line
    return json.dumps(row | {"reason": ERASED}, sort_keys=True, ensure_ascii=False)
