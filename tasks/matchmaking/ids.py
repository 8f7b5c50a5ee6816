"""Names that are the same everywhere: a twinning's id, and the number that breaks ties between selections of
equal value.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def twinning_id(round_id: str, topic: str, city_ids: Iterable[str]) -> str:
    """The id of a twinning: the same round, topic and cities have the same id in every version, whatever else
    changed.
    """
    content = "|".join([round_id, topic, *sorted(city_ids)])
    return f"T-{round_id}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"
