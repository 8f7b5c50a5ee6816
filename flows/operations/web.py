"""One request over HTTP with the standard library, for parts that must start fast and answer in time.

Belongs here: the request. Must stay out: what is asked (`prefect_facts.py`) and told (`telling.py`).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, unquote, urlsplit

from programme.problems import problem


@dataclass(frozen=True)
class Answer:
    """What a server answered: the status, its own time where it says it (the header Date), and the body."""

    status: int
    date: str | None
    body: bytes

    @property
    def ok(self) -> bool:
        """Whether the server did as asked."""
        return self.status // 100 == 2


def request(
    address: str,
    body: bytes | None = None,
    *,
    secret: str | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = 5.0,
) -> Answer:
    """GET, or POST where there is a body; `secret` is `name:password`, else the address may hold one.

    Raises `OSError` where nobody answers, and `ProblemsError` for an address that is none.
    """
    parts = _checked(address)
    secret = secret or unquote(parts.netloc.rpartition("@")[0]) or None
    sent = {"Content-Type": "application/json", **(headers or {})}
    if secret:
        sent["Authorization"] = "Basic " + base64.b64encode(secret.encode()).decode()
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(str(parts.hostname), parts.port, timeout=timeout)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("GET" if body is None else "POST", path, body, sent)
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheader("Date"), answer.read())
    except HTTPException as error:
        raise ConnectionError(None, f"no HTTP ({type(error).__name__})") from error
    finally:
        connection.close()


def without_secret(address: str) -> str:
    """The address without name and password, and without what follows a question mark."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _checked(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return parts
    except ValueError:
        pass
    raise problem(
        found="something else",
        expected="an address that begins with http:// or https://",
        where="the address of a server",
        remedy="Correct it in the environment.",
    )
