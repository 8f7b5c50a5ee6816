"""The process of a temporary Prefect server, which ends with the run that started it, whatever ended that.

Belongs here: starting that process, and what it does before it becomes the server. Prefect itself ends its
server only where the run comes to its own end: one that is killed leaves it behind. The run holds one end of
a pipe and never writes to it; the system closes it with the run, and the process sees that. Must stay out:
when a server is started (`prefect_start.py`), and the server itself (Prefect's).
"""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
import threading
from typing import Any

GONE = 1
"""Exit status of a server whose run has ended."""


def watch_temporary_servers() -> None:
    """From now on a temporary server of this process ends with it."""
    from prefect.server.api import server  # noqa: PLC0415  (seconds; the server's process needs none of it)

    server.SubprocessASGIServer._run_uvicorn_command = _start_watched  # type: ignore[method-assign, assignment]


def _start_watched(of: Any) -> subprocess.Popen[Any]:
    """Start the server as Prefect does (`SubprocessASGIServer`), in a process that watches for our end."""
    import prefect  # noqa: PLC0415  (see above)
    from prefect.settings import get_current_settings  # noqa: PLC0415

    folder, app = str(prefect.__module_path__.parent), "prefect.server.api.server:create_app"
    options = ["--app-dir", folder, "--factory", app, "--host", "127.0.0.1", "--port", str(of.port)]
    environment = {
        **os.environ,
        "PREFECT_UI_ENABLED": "0",
        "PREFECT__SERVER_EPHEMERAL": "1",
        "PREFECT__SERVER_FINAL": "1",
        **get_current_settings().to_environment_variables(exclude_unset=True),
    }
    return subprocess.Popen(
        [sys.executable, "-m", __name__, *options, "--log-level", "error", "--lifespan", "on"],
        env=environment,
        stdin=subprocess.PIPE,
    )


def _end_with_the_run() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(GONE)


if __name__ == "__main__":
    threading.Thread(target=_end_with_the_run, daemon=True).start()
    runpy.run_module("uvicorn", run_name="__main__", alter_sys=True)
