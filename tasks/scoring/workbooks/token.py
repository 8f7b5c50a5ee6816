"""The token by which a workbook proves whose it is.

A name in a cell can be typed by anybody. The token is made with a key of the office from the round, the
evaluator and the applications that were given, so nobody else can make one, and one of another evaluator, of
another round or of other applications is another. Belongs here: making a token, and whose it is. Must stay
out: where the key is kept (`flows/evaluation/key.py`).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


def workbook_token(key: bytes, round_id: str, evaluator_id: str, applications: Collection[str]) -> str:
    """HMAC-SHA256 over what was given to whom, as 64 hexadecimal digits."""
    given = {"round": round_id, "evaluator": evaluator_id, "applications": sorted(set(applications))}
    written = json.dumps(given, sort_keys=True, separators=(",", ":"))
    return hmac.new(key, written.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Tokens:
    """The tokens of a round: `assigned` maps an evaluator to the applications given."""

    key: bytes = field(repr=False)
    round_id: str
    assigned: Mapping[str, frozenset[str]]

    def of(self, evaluator_id: str, applications: Collection[str]) -> str:
        """The token of an evaluator's workbook with these applications."""
        return workbook_token(self.key, self.round_id, evaluator_id, applications)

    def owner(self, token: str, named: str, listed: Collection[str]) -> str | None:
        """Whose workbook carries a token; None where it is of nobody who was given applications.

        That is the evaluator whose applications it proves, whatever name the workbook gives. A workbook that
        was handed out before the applications were given anew still proves its evaluator: `named` with the
        applications `listed` in it.
        """
        for evaluator, applications in self.assigned.items():
            if hmac.compare_digest(self.of(evaluator, applications).encode(), token.encode()):
                return evaluator
        if named in self.assigned and hmac.compare_digest(self.of(named, listed).encode(), token.encode()):
            return named
        return None
