"""The incumbent of a search: the best selection found so far."""

from __future__ import annotations

import math
from dataclasses import dataclass

TOLERANCE = 1e-6
"""A selection counts as better only if it is worth more by this; a tenth of the smallest difference that
tie-breakers make.
"""


@dataclass(frozen=True)
class Incumbent:
    """The best selection found.

    `chosen` are positions of groups in the instance, None if nothing better than what was known was found;
    `objective` is in steps, tie-breakers included; `exhausted` says that nothing better can exist.
    """

    chosen: tuple[int, ...] | None
    objective: float
    exhausted: bool


NO_INCUMBENT = Incumbent(None, -math.inf, False)
