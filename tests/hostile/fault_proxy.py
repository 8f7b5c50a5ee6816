"""A proxy in front of a store that speaks S3, which disturbs chosen requests.

Belongs here: passing requests on, and the ways to disturb one. Must stay out: which request is disturbed, and
how: a plan of the test says that.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

FAULTS = ("error", "reset", "done, error", "done, reset", "cut", "slow")
"""How a request is disturbed: it is answered with 500, or its connection is reset, and the store never hears
of it; the store does it, and the answer is 500, or a reset; half of the answer comes; the store does it, and
the answer comes when the client no longer waits.
"""
SLOW_S = 4.0
"""How long a slow answer takes; a client that waits for less is what makes it a fault."""
ERROR = b"<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>"
Plan = Callable[[str, str], str | None]
"""Method and path of a request to the way in which it is disturbed; None where it is not."""


@contextmanager
def fault_proxy(endpoint: str, plan: Plan) -> Iterator[str]:
    """The address of a proxy in front of the store at `endpoint`."""
    proxy = _Proxy(("127.0.0.1", 0), _Handler)
    proxy.upstream, proxy.plan = urlsplit(endpoint).netloc, plan
    thread = threading.Thread(target=proxy.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{proxy.server_address[1]}"
    finally:
        proxy.shutdown()
        proxy.server_close()


class _Proxy(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    upstream: str
    plan: Plan

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: that a client went away is what the proxy is for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Proxy

    def do_request(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        way = self.server.plan(self.command, self.path)
        if way == "error":
            self._answer(500, {"Content-Type": "application/xml"}, ERROR)
        elif way == "reset":
            self._reset()
        else:
            self._pass_on(body, way)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_request  # noqa: N815  (the names that the base calls)

    def _pass_on(self, body: bytes, way: str | None) -> None:
        store = http.client.HTTPConnection(self.server.upstream, timeout=60)
        try:
            # The name of the host is signed, so it stays as the client wrote it.
            store.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                store.putheader(name, value)
            store.endheaders(body or None)
            answer = store.getresponse()
            content = answer.read()
        finally:
            store.close()
        headers = {
            name: value
            for name, value in answer.getheaders()
            if name.lower() not in ("transfer-encoding", "connection", "date", "server")
        }
        if way == "done, error":
            self._answer(500, {"Content-Type": "application/xml"}, ERROR)
        elif way == "done, reset" or (way == "cut" and len(content) < 2):
            self._reset()
        elif way == "cut":
            self._answer(answer.status, headers, content, sent=len(content) // 2)
            self._reset()
        else:
            time.sleep(SLOW_S if way == "slow" else 0)
            self._answer(answer.status, headers, content)

    def _answer(self, status: int, headers: dict[str, str], content: bytes, sent: int | None = None) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if self.command == "HEAD" or name.lower() != "content-length":
                self.send_header(name, value)
        if self.command != "HEAD" and status != http.client.NO_CONTENT:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content[:sent])

    def _reset(self) -> None:
        """End the connection as a broken network does, without a word."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with contextlib.suppress(OSError):
            os.close(self.connection.detach())
