"""Starting a flow from the command line: the Prefect server first, everything slow while it boots.

Belongs here: the order of the start. A temporary server takes seconds to answer, on another core; so this
module checks what can be checked in a moment, starts the server and the process that checks tables
(`checking_process.py`), then loads the libraries and reads the inputs once while it waits. Therefore, and
only here, slow modules are imported inside functions: each import stands where its seconds cost nothing, and
none may come before `quiet_libraries`, whose values Prefect reads on import. Must stay out: what a flow does
(`process_round.py`, `early_scan.py`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from flows.checking_process import begin_checking_process
from flows.console import progress, report_step
from flows.context import AppContext
from flows.run_record import SCAN_REASON, accepted_by, hold_round
from flows.server_process import TemporaryServer, knows_no_other_settings, watch_temporary_servers
from flows.settings import make_data_folder, prefect_server, quiet_libraries
from programme.rounds import Round
from tasks.ingest.personal.masks import without_addresses
from warehouse.inputs.find import FoundInput, find_inputs


def process_with_prefect(
    context: AppContext,
    round_id: str,
    inputs: str | None,
    reason: str,
    as_of: datetime | None = None,
    *,
    accept: Sequence[str] = (),
    by: str = "run by hand",
    unpin: bool = False,
    quiet: bool = False,
) -> dict[str, Any]:
    """Run the main flow in this process and return its summary; `quiet` shows no progress.

    Raises as `process_round`; a second run of the round is refused before Prefect starts.
    """
    round_ = context.round(round_id)
    reason = without_addresses(reason)
    make_data_folder(context.settings)
    accepted_by.set(by)
    with hold_round(context, round_.id, reason), _prefect_started(context, round_, inputs, quiet=quiet):
        from flows.process_round import process_round  # noqa: PLC0415  (see the module)

        return process_round(round_id, reason, inputs, as_of, list(accept), unpin=unpin)


def scan_with_prefect(
    context: AppContext, round_id: str, inputs: str | None, as_of: datetime | None, *, quiet: bool = False
) -> dict[str, Any]:
    """Run the early scan in this process and return its summary; `quiet` shows no progress.

    A second scan of the round, or a scan beside a run, is refused before Prefect starts.
    """
    round_ = context.round(round_id)
    make_data_folder(context.settings)
    with (
        hold_round(context, round_.id, SCAN_REASON),
        _prefect_started(context, round_, inputs, quiet=quiet),
    ):
        from flows.early_scan import early_scan  # noqa: PLC0415  (see the module)

        return early_scan(round_id, inputs, as_of)


@contextmanager
def _prefect_started(
    context: AppContext, round_: Round, inputs: str | None, *, quiet: bool
) -> Iterator[None]:
    """Inside, a Prefect server answers and a flow that is called gets the tags of its round."""
    storage, folder = context.inputs(inputs)
    found = find_inputs(storage, round_.id, folder, limits=context.programme.expectations.files)
    context.programme  # noqa: B018  (raises for a mistake in the rules before anything starts)
    quiet_libraries(context.settings, console=False)
    begin_checking_process(beside=1 if prefect_server() else 2)
    with progress(quiet=quiet):
        report_step("Starting Prefect")
        with _server() as wait_for_server:
            _load_and_read(context, round_, found)
            wait_for_server()
            from prefect import tags  # noqa: PLC0415  (see the module)

            _end_without_waiting()

            with tags("city2city", f"round:{round_.id}"):
                yield


@contextmanager
def _server() -> Iterator[Callable[[], None]]:
    """Start the temporary Prefect server, unless a server is named; what is given waits until it answers.

    A flow starts it by itself otherwise, but only when it is called: after everything is loaded. While the
    run lasts the environment names the server that was started here, so that Prefect takes it for any other.
    """
    if prefect_server() is not None:
        yield lambda: None
        return
    if "prefect" in sys.modules or not knows_no_other_settings():
        watch_temporary_servers()  # it loads Prefect's server first, so that nothing delays that
        started = ThreadPoolExecutor(max_workers=1, thread_name_prefix="prefect").submit(_wait_for_server)
        yield started.result
        return
    server = TemporaryServer()
    with _named(server.address) as seconds:
        yield lambda: server.wait(seconds)


@contextmanager
def _named(address: str) -> Iterator[float]:
    """Inside, the environment names a Prefect server; gives the seconds that its start may take."""
    os.environ["PREFECT_API_URL"] = address
    try:
        yield float(os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"])
    finally:
        os.environ.pop("PREFECT_API_URL", None)


def _wait_for_server() -> None:
    from prefect.client.orchestration import get_client  # noqa: PLC0415  (in the background)

    get_client(sync_client=True)


def _end_without_waiting() -> None:
    """Let a flow end at once: the thread of its signs of life looks but once a second whether it may end.

    It sends no further sign once it was told to stop.
    """
    from prefect import flow_engine  # noqa: PLC0415  (see the module)

    if not isinstance(flow_engine._send_heartbeats, partial):
        flow_engine._send_heartbeats = partial(flow_engine._send_heartbeats, join_on_exit=False)


def _load_and_read(context: AppContext, round_: Round, found: list[FoundInput]) -> None:
    """Load the slow libraries, and tell mistakes in the inputs seconds before the flow would.

    The flow's first step takes what was read here, if its files are still the same.
    """
    from flows.preload import preload  # noqa: PLC0415  (see the module)
    from flows.reading import read_ahead  # noqa: PLC0415
    from tasks.ingest.step import SourceFile  # noqa: PLC0415

    preload(context)
    sources = [SourceFile(item.table, item.name, item.data) for item in found]
    read_ahead(sources, context.programme, round_)
