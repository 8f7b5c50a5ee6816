"""The mail server's settings, from the environment, checked before anything is sent.

Belongs here: what a connection needs. Must stay out: the connection (`smtp.py`); the environment itself is
read by `flows/settings.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from programme.problems import Problem, ProblemsError

Security = Literal["starttls", "tls", "none"]
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_NUMBERS = {"PORT": (1, 65535), "PER_MINUTE": (0, 100_000), "TIMEOUT": (1, 600)}


@dataclass(frozen=True)
class MailSettings:
    """One mail server.

    `security`: `starttls` (the connection is encrypted before the login), `tls` (from its first byte), or
    `none`, which is only for a server on this machine unless it is asked for. `per_minute` is the most
    letters in a minute (0: no limit), `timeout` the seconds after which a silent server is given up, `ca` a
    file of certificates to trust beside the system's.
    """

    host: str
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)
    security: Security = "starttls"
    per_minute: int = 60
    timeout: float = 30.0
    ca: Path | None = None


def mail_settings(values: Mapping[str, str]) -> MailSettings:
    """The settings from the variables `CITY2CITY_SMTP_*`, given without that beginning.

    Raises `ProblemsError` with every mistake.
    """
    problems = list(_mistakes(values))
    if problems:
        raise ProblemsError(problems)
    host = values["HOST"]
    security: Security = next(
        (one for one in ("starttls", "tls", "none") if one == values.get("SECURITY")),
        "none" if host in LOOPBACK else "starttls",
    )
    return MailSettings(
        host=host,
        port=int(values.get("PORT") or (465 if security == "tls" else 587)),
        user=values.get("USER", ""),
        password=values.get("PASSWORD", ""),
        security=security,
        per_minute=int(values.get("PER_MINUTE") or 60),
        timeout=float(values.get("TIMEOUT") or 30),
        ca=Path(values["CA"]) if values.get("CA") else None,
    )


def _mistakes(values: Mapping[str, str]) -> Iterator[Problem]:
    if not values.get("HOST"):
        yield _problem("HOST", "nothing", "the name of the mail server")
    for name, (least, most) in _NUMBERS.items():
        text = values.get(name)
        if text and not (text.isdecimal() and least <= int(text) <= most):
            yield _problem(name, repr(text), f"a number from {least} to {most}")
    if values.get("SECURITY") and values["SECURITY"] not in ("starttls", "tls", "none"):
        yield _problem("SECURITY", repr(values["SECURITY"]), "starttls, tls or none")
    if bool(values.get("USER")) != bool(values.get("PASSWORD")):
        lacking = "PASSWORD" if values.get("USER") else "USER"
        yield _problem(lacking, "nothing", "user and password together, or neither")
    if values.get("CA") and not Path(values["CA"]).is_file():
        yield _problem("CA", "no such file", "a file of certificates (PEM)")


def _problem(name: str, found: str, expected: str) -> Problem:
    remedy = f"Set CITY2CITY_SMTP_{name}, or write the letters as files with --eml DIR."
    return Problem(found, expected, f"CITY2CITY_SMTP_{name}", remedy)
