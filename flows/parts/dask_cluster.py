"""Doing parts on Dask: a scheduler that is named, or processes of this machine for as long as it takes.

Belongs here: the cluster and its safety (what is sent between its processes is encrypted, since whoever could
speak to them could run anything), and what is told where workers die. Must stay out: Prefect
(`prefect_parts.py`), and what a part is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flows.parts.settings import PartSettings
from flows.parts.work import do_part
from programme.problems import ProblemsError, problem


@dataclass(frozen=True)
class Scheduler:
    """Where a scheduler is, and what it takes to speak to it (None: Dask's own settings say it)."""

    address: str
    security: Any = None


@contextmanager
def scheduler(settings: PartSettings) -> Iterator[Scheduler]:
    """The scheduler that is named, else one with processes of its own, which end afterwards."""
    if settings.address:
        yield Scheduler(settings.address)
        return
    from distributed import LocalCluster  # noqa: PLC0415  (a second, and only where it is asked for)

    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=settings.workers,
        threads_per_worker=1,
        processes=True,
        memory_limit=settings.memory,
        dashboard_address="127.0.0.1:0",
        scheduler_kwargs={"dashboard": False},
        host="127.0.0.1",
        security=True,
        silence_logs=50,
    ) as cluster:
        yield Scheduler(cluster.scheduler_address, cluster.security)


def on_dask(paths: Sequence[str], at: Scheduler, settings: PartSettings) -> list[str]:
    """Have parts done; raises `ProblemsError` where they kill every worker that tries, or nobody answers."""
    from distributed import Client  # noqa: PLC0415  (see above)

    with (
        told_where_dask_fails(at, settings),
        Client(at.address, security=at.security, timeout=30) as client,  # type: ignore[no-untyped-call]
    ):
        return list(client.gather(client.map(do_part, paths, pure=False)))


@contextmanager
def told_where_dask_fails(at: Scheduler, settings: PartSettings) -> Iterator[None]:
    """Inside, what Dask raises about its processes is a `ProblemsError` that says what to do."""
    from distributed import KilledWorker  # noqa: PLC0415  (see above)
    from distributed.client import FutureCancelledError  # noqa: PLC0415

    try:
        yield
    except KilledWorker as error:
        raise too_little_memory(settings) from error
    except (OSError, FutureCancelledError) as error:
        if named := getattr(error, "filename", None):
            raise problem(
                found=f"{named}, which a process could not read or write ({type(error).__name__})",
                expected="a folder that all processes of Dask share",
                where="CITY2CITY_CACHE",
                remedy="Put it where every machine reads it, or set CITY2CITY_TASK_RUNNER to threads.",
            ) from error
        raise problem(
            found=f"no answer ({type(error).__name__})",
            expected="a Dask scheduler",
            where=f"{'CITY2CITY_DASK_ADDRESS' if settings.address else 'Dask'}, {at.address}",
            remedy="Start it, or set CITY2CITY_TASK_RUNNER to threads.",
        ) from error


def too_little_memory(settings: PartSettings) -> ProblemsError:
    """What is told of parts that no worker survives."""
    return problem(
        found="a part that ended every process that did it",
        expected="processes with enough memory",
        where="Dask" if settings.address else f"CITY2CITY_DASK_MEMORY, {settings.memory}",
        remedy="Give the processes more memory, or set CITY2CITY_TASK_RUNNER to threads.",
    )
