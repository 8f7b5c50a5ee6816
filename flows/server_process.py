"""The process of a temporary Prefect server, which ends with the run that started it, whatever ended that.

Belongs here: starting that process, and what it does before it becomes the server. It is started before
Prefect is loaded, since loading takes as long as the server's own start, and loading Prefect's server into
the run takes longer still. Prefect itself ends its server only where the run comes to its own end: one that
is killed leaves it behind. The run holds one end of a pipe and never writes to it; the system closes it with
the run, and the process sees that. Must stay out: when a server is started (`prefect_start.py`), and the
server itself (Prefect's).
"""

from __future__ import annotations

import atexit
import http.client
import importlib.util
import os
import runpy
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

GONE = 1
"""Exit status of a server whose run has ended."""
TRIES = 3
"""Ports that are tried: another process may take one before the server does."""
APP = "prefect.server.api.server:create_app"
ANSWERS = 200


def knows_no_other_settings(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether nothing but the environment can say what Prefect does, and it has no server.

    Profiles and settings files may name a server too, and only Prefect itself can read them.
    """
    named = ("PREFECT_API_URL", "PREFECT_PROFILE", "PREFECT_PROFILES_PATH")
    allowed = environment.get("PREFECT_SERVER_ALLOW_EPHEMERAL_MODE", "true").lower() in ("1", "true", "yes")
    home = Path(environment.get("PREFECT_HOME") or Path.home() / ".prefect")
    files = (home / "profiles.toml", Path("prefect.toml"), Path(".env"))
    project = Path("pyproject.toml")
    if any(environment.get(name) for name in named) or not allowed or any(file.exists() for file in files):
        return False
    return not (project.is_file() and b"tool.prefect" in project.read_bytes())


class TemporaryServer:
    """A server that is being started, and ends with this process."""

    def __init__(self) -> None:
        self._start()
        atexit.register(self._stop)  # what is registered first ends last: Prefect still tells it how we ended

    @property
    def address(self) -> str:
        """The address of its API."""
        return f"http://127.0.0.1:{self._port}/api"

    def wait(self, seconds: float) -> None:
        """Return when it answers; raises `RuntimeError` where it does not."""
        until, tries = time.monotonic() + seconds, 1
        while time.monotonic() < until:
            if _answers(self._port):
                return
            if self._process.poll() is not None:
                if tries == TRIES:
                    break
                tries += 1
                self._start()
            time.sleep(0.05)
        self._stop()
        status = self._process.returncode
        raise RuntimeError(f"the temporary Prefect server does not answer (its exit status is {status})")

    def _start(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port: int = probe.getsockname()[1]
        found = importlib.util.find_spec("prefect")
        folder = Path(str(found and found.origin)).parent.parent
        self._process = _server_process(str(folder), self._port, {})

    def _stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def _answers(port: int) -> bool:
    """Whether the server is healthy; no proxy of the environment stands between."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == ANSWERS
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def watch_temporary_servers() -> None:
    """From now on a temporary server that Prefect starts itself ends with this process."""
    from prefect.server.api import server  # noqa: PLC0415  (seconds; the server's process needs none of it)

    server.SubprocessASGIServer._run_uvicorn_command = _start_watched  # type: ignore[method-assign, assignment]


def _start_watched(of: Any) -> subprocess.Popen[Any]:
    """Start the server as Prefect does (`SubprocessASGIServer`), in a process that watches for our end."""
    import prefect  # noqa: PLC0415  (see above)
    from prefect.settings import get_current_settings  # noqa: PLC0415

    settings = get_current_settings().to_environment_variables(exclude_unset=True)
    return _server_process(str(prefect.__module_path__.parent), of.port, settings)


def _server_process(folder: str, port: int, settings: Mapping[str, str]) -> subprocess.Popen[Any]:
    options = ["--app-dir", folder, "--factory", APP, "--host", "127.0.0.1", "--port", str(port)]
    ours = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}
    return subprocess.Popen(
        [sys.executable, "-P", "-m", __name__, *options, "--log-level", "error", "--lifespan", "on"],
        env={**os.environ, **ours, **settings},
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for the run alone, which still has to tell how it ended
    )


def _end_with_the_run() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(GONE)


if __name__ == "__main__":
    threading.Thread(target=_end_with_the_run, daemon=True).start()
    runpy.run_module("uvicorn", run_name="__main__", alter_sys=True)
