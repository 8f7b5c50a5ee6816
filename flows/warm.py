"""Loading slow things in the background while something else is waited for (the Prefect server takes seconds to answer).

Belongs here: what is loaded ahead of its use. Must stay out: any result: nothing here changes what a run computes, only when its libraries are read.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from flows.desk import Desk, cache_folder

if TYPE_CHECKING:
    from tasks.crosscheck.gazetteer import Gazetteer

_pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="warm")
_started = threading.Lock()
_gazetteers: dict[str, Future[Gazetteer]] = {}


def warm_up(desk: Desk) -> None:
    """Begin loading Great Expectations and the gazetteer; returns at once, and does nothing the second time."""
    key = str(desk.settings.cache)
    with _started:
        if key not in _gazetteers:
            _gazetteers[key] = _pool.submit(_load, desk)
            _pool.submit(_great_expectations)


def gazetteer(desk: Desk) -> Gazetteer:
    """The gazetteer, as soon as it is there."""
    warm_up(desk)
    return _gazetteers[str(desk.settings.cache)].result()


def _load(desk: Desk) -> Gazetteer:
    from tasks.crosscheck import gazetteer_cache  # noqa: PLC0415  (in the background, with its imports)

    return gazetteer_cache.load(cache_folder(desk))


def _great_expectations() -> None:
    from expectations.check import warm_up as load  # noqa: PLC0415  (takes seconds; in the background)

    load()
