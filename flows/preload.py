"""Loading slow things in the background while something else is waited for.

Belongs here: what is loaded ahead of its use (Great Expectations, the gazetteer). Must stay out: any result;
nothing here changes what a run computes, only when its libraries are read.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

from expectations.check import warm_up as load_great_expectations
from flows.caches import load_gazetteer
from flows.checking_process import is_running
from flows.context import AppContext, cache_folder
from flows.memory import keep_few_heaps, look_for_garbage_less_often
from tasks.crosscheck.gazetteer.table import Gazetteer

_pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="preload")
_lock = threading.Lock()
_gazetteers: dict[str, Future[Gazetteer]] = {}


def preload(context: AppContext) -> None:
    """Begin loading Great Expectations and the gazetteer; returns at once, a second call does nothing.

    Great Expectations is left out where another process has it (`checking_process.py`).

    The threads that load are the first of many, so the memory of the process is set here (`memory.py`).
    """
    keep_few_heaps()
    look_for_garbage_less_often()
    _begin_gazetteer(context)
    if not is_running():
        _begin_great_expectations()


def gazetteer(context: AppContext) -> Gazetteer:
    """The gazetteer, as soon as it is loaded; without Great Expectations, which `link` does not need."""
    return _begin_gazetteer(context).result()


@cache
def _begin_great_expectations() -> None:
    _pool.submit(load_great_expectations)


def _begin_gazetteer(context: AppContext) -> Future[Gazetteer]:
    folder = cache_folder(context)
    with _lock:
        if str(folder) not in _gazetteers:
            _gazetteers[str(folder)] = _pool.submit(load_gazetteer, folder)
        return _gazetteers[str(folder)]
