"""One cell of the replay matrix: a round processed twice in this process's surroundings, and replayed.

    python -m tests.installation.one_cell             processes and replays, in the office of the environment
    python -m tests.installation.one_cell replay      replays every version that is there, and nothing else

It prints JSON: the content hash of every table of every version, and what a replay found to differ.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime

from flows.context import AppContext, open_context
from flows.ledger import record_decisions
from flows.procedure import process
from flows.replay import replay
from flows.round_inputs import RunRequest
from flows.run_record import record_run
from tasks.decisions.kinds import make_decision
from warehouse.dictionary.inputs import DECISIONS
from warehouse.snapshots import list_versions, read_package, read_table

ROUND = "2025-07"
DECIDED_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def main(arguments: list[str]) -> None:
    """Process, unless only a replay is asked for; then replay, and print what came out."""
    context = open_context()
    if not arguments:
        _run(context)
        placed = read_table(context.storage, ROUND, 1, "twinning_members")["application_id"].sort()[0]
        _withdraw(context, str(placed))
        _run(context)
    versions = list_versions(context.storage, ROUND)
    hashes = {
        f"version {version}, {resource['name']}": resource["content"]
        for version in versions
        for resource in read_package(context.storage, ROUND, version)["resources"]
    }
    differing = {version: replay(context, ROUND, version).differing for version in versions}
    sys.stdout.write(json.dumps({"hashes": hashes, "differing": differing}) + "\n")


def _run(context: AppContext) -> None:
    request = RunRequest(ROUND, "matrix", os.environ["MATRIX_INPUTS"], None, (), "ops")
    with record_run(context, ROUND, "process", "matrix", None) as record:
        process(context, request, record)


def _withdraw(context: AppContext, subject: str) -> None:
    row = make_decision(
        kind="withdraw",
        subject=subject,
        object_=None,
        value=None,
        reason="looked at it",
        decided_by="ops",
        decided_at=DECIDED_AT,
    )
    record_decisions(context, context.round(ROUND), DECISIONS.frame([row]), "cli", DECIDED_AT)


if __name__ == "__main__":
    main(sys.argv[1:])
