"""Where parts are done: in this process, or on Dask.

Belongs here: the meaning of the variables (`flows/settings.py` reads them). Must stay out: Dask.

| variable | meaning | unless set |
|---|---|---|
| `CITY2CITY_TASK_RUNNER` | `threads`: in this process; `dask`: in others | `threads` |
| `CITY2CITY_DASK_ADDRESS` | address of a Dask scheduler | processes of this machine are started |
| `CITY2CITY_DASK_WORKERS` | how many of those | one a processor |
| `CITY2CITY_DASK_MEMORY` | the most memory of each, such as `2GiB` | `4GiB` |
"""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from flows.settings import runner_variables
from programme.problems import Problem, ProblemsError

RUNNERS = ("threads", "dask")
_MEMORY = re.compile(r"\d+(\.\d+)?\s*[kMGT]i?B")
_ADDRESS = re.compile(r"(tcp|tls|ws|wss)://\S+:\d+")


@dataclass(frozen=True)
class PartSettings:
    """Where parts are done. Without `dask` the rest does not matter."""

    dask: bool = False
    address: str | None = None
    workers: int = 1
    memory: str = "4GiB"


def part_settings(variables: Mapping[str, str] | None = None) -> PartSettings:
    """The settings of this process; raises `ProblemsError` with everything that is wrong in them."""
    given = runner_variables() if variables is None else variables
    runner = given.get("TASK_RUNNER", "threads").strip().lower()
    if runner == "threads":
        return PartSettings()
    workers, memory = given.get("DASK_WORKERS", str(os.cpu_count() or 1)), given.get("DASK_MEMORY", "4GiB")
    address = given.get("DASK_ADDRESS")
    checks = (
        (runner in RUNNERS, "TASK_RUNNER", runner, f"one of {', '.join(RUNNERS)}"),
        (workers.isdecimal() and int(workers) > 0, "DASK_WORKERS", workers, "a whole number above 0"),
        (bool(_MEMORY.fullmatch(memory)), "DASK_MEMORY", memory, "an amount such as 2GiB"),
        (
            not address or bool(_ADDRESS.fullmatch(address)),
            "DASK_ADDRESS",
            address,
            "such as tcp://host:8786",
        ),
    )
    wrong = [
        Problem(repr(found), expected, f"CITY2CITY_{name}", "Correct the variable.")
        for good, name, found, expected in checks
        if not good
    ]
    if not wrong and importlib.util.find_spec("prefect_dask") is None:
        remedy = "Install it: pip install 'city2city[dask]'. Or set CITY2CITY_TASK_RUNNER to threads."
        wrong = [Problem("no prefect-dask", "it is installed", "CITY2CITY_TASK_RUNNER", remedy)]
    if wrong:
        raise ProblemsError(wrong)
    return PartSettings(True, address, int(workers), memory)
