"""`city2city link --serve`: a register that answers OpenRefine and other tools on this machine.

Belongs here: the web server. Must stay out: what the messages mean (`reconciliation.py`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flows.commands import reconciliation
from flows.console import print_text
from programme.linking import LinkingRules
from programme.problems import problem
from tasks.crosscheck.linkage.index import RegisterIndex

HOST = "127.0.0.1"
"""Other machines are not answered."""
PORT = 8765
MOST_BYTES = 5_000_000
"""A longer request is refused."""


def serve(index: RegisterIndex, rules: LinkingRules, title: str) -> None:
    """Answer until the process is interrupted. Raises `ProblemsError` where the port is taken."""
    with server_of(index, rules, title, PORT) as server:
        print_text(f"{title} answers at http://{HOST}:{PORT}/ (OpenRefine: Reconcile, Add standard service).")
        print_text("Queries need the property country. Ctrl-C ends it.")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print_text("Ended.")


def server_of(index: RegisterIndex, rules: LinkingRules, title: str, port: int) -> HTTPServer:
    """The server for one register; port 0 takes any free one."""
    try:
        return HTTPServer((HOST, port), partial(Handler, index=index, rules=rules, title=title))
    except OSError as error:
        raise problem(
            found=error.strerror or str(error),
            expected=f"a free port {port}",
            where="link --serve",
            remedy="End the other program that answers there.",
        ) from error


class Handler(BaseHTTPRequestHandler):
    """One request: the manifest, a batch of queries (`queries`), or a preview (`/preview?id=...`)."""

    server: HTTPServer

    def __init__(
        self, *arguments: Any, index: RegisterIndex, rules: LinkingRules, title: str, **named: Any
    ) -> None:
        self.index, self.rules, self.title = index, rules, title
        super().__init__(*arguments, **named)

    def do_GET(self) -> None:
        """Answer a request without a body."""
        self._guarded(lambda: self._reply(urlsplit(self.path).query))

    def do_POST(self) -> None:
        """Answer a form."""
        self._guarded(lambda: self._reply(self._body()))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Log nothing: names of a list are nobody else's business."""

    def _body(self) -> str:
        stated = self.headers.get("Content-Length") or "0"
        length = int(stated) if stated.isdecimal() else -1
        if not 0 <= length <= MOST_BYTES:
            raise reconciliation.BadRequestError(f"at most {MOST_BYTES} bytes")
        return self.rfile.read(length).decode("utf-8", errors="replace")

    def _guarded(self, reply: Callable[[], None]) -> None:
        try:
            reply()
        except reconciliation.BadRequestError as error:
            self._send(HTTPStatus.BAD_REQUEST, "application/json", json.dumps({"error": f"expected {error}"}))

    def _reply(self, form: str) -> None:
        fields = {name: values[0] for name, values in parse_qs(form).items()}
        if urlsplit(self.path).path == "/preview":
            page = reconciliation.preview(fields.get("id", ""), self.index)
            status = HTTPStatus.NOT_FOUND if page is None else HTTPStatus.OK
            self._send(status, "text/html; charset=utf-8", page or "No such row.")
            return
        if "queries" in fields:
            found = reconciliation.answer(fields["queries"], self.index, self.rules)
        else:
            found = reconciliation.manifest(f"http://{HOST}:{self.server.server_port}", self.title)
        self._send(HTTPStatus.OK, "application/json; charset=utf-8", json.dumps(found, ensure_ascii=False))

    def _send(self, status: HTTPStatus, kind: str, text: str) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        # the specification asks for it; a register holds no personal data
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(data)
