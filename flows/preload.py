"""Loading slow things in the background while something else is waited for (the Prefect server takes seconds
to answer).

Belongs here: what is loaded ahead of its use. Must stay out: any result: nothing here changes what a run
computes, only when its libraries are read.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from flows.context import AppContext, cache_folder

if TYPE_CHECKING:
    from flows.procedure import Places
    from tasks.crosscheck.gazetteer.table import Gazetteer

_pool = ThreadPoolExecutor(max_workers=3, thread_name_prefix="warm")
_started = threading.Lock()
_servers: list[Future[None]] = []
_gazetteers: dict[str, Future[Gazetteer]] = {}


def warm_up(context: AppContext) -> None:
    """Begin loading Great Expectations and the gazetteer; returns at once, and does nothing the second
    time.
    """
    key = str(context.settings.cache)
    with _started:
        if key not in _gazetteers:
            _gazetteers[key] = _pool.submit(_load, context)
            _pool.submit(_great_expectations)


def gazetteer(context: AppContext) -> Gazetteer:
    """The gazetteer, as soon as it is there."""
    warm_up(context)
    return _gazetteers[str(context.settings.cache)].result()


def begin_server() -> None:
    """Start the temporary Prefect server, unless a server is named; it boots on another core while this
    process loads its libraries.

    A flow starts it by itself otherwise, but only when it is called: after everything is loaded.
    """
    import prefect.server.api.server  # noqa: F401, PLC0415  (first, so that nothing else delays the start of the server's process)

    _servers.append(_pool.submit(_boot))


def await_server() -> None:
    """Return when the server answers; raises what kept it from starting."""
    while _servers:
        _servers.pop().result()


def _boot() -> None:
    from prefect.client.orchestration import get_client  # noqa: PLC0415

    get_client(sync_client=True)


def places(context: AppContext) -> Places:
    """What the linking looks names up in: the gazetteer as loaded in the background, indexes of registers
    kept between runs.
    """
    from flows.caches import load_index  # noqa: PLC0415
    from flows.procedure import Places  # noqa: PLC0415  (loads the steps)

    return Places(lambda: gazetteer(context), partial(load_index, folder=cache_folder(context)))


def _load(context: AppContext) -> Gazetteer:
    from flows.caches import load_gazetteer  # noqa: PLC0415  (in the background, with its imports)

    return load_gazetteer(cache_folder(context))


def _great_expectations() -> None:
    from expectations.check import warm_up as load  # noqa: PLC0415  (takes seconds; in the background)

    load()
