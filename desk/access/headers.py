"""What every answer of the desk carries, and which requests it does not answer at all.

Belongs here: the policy of a page and the names by which the desk may be called. Must stay out: who somebody
is (`guard.py`).
"""

from __future__ import annotations

from collections.abc import Collection

from starlette.datastructures import MutableHeaders

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""A page may use the desk's own stylesheet, scripts and pictures, and talk to nobody else; no script and no
style stands in it.
"""
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def protect(headers: MutableHeaders, *, keep: bool) -> None:
    """Add what every answer carries; `keep` lets the browser keep it (files without personal data)."""
    for name, value in SAFE.items():
        headers[name] = value
    headers.setdefault("Content-Security-Policy", POLICY)
    headers["Cache-Control"] = "private, max-age=3600" if keep else "no-store"


def host_of(header: str) -> str:
    """The host of the header Host, without its port."""
    text = header.strip().lower()
    if text.startswith("["):
        return text.partition("]")[0] + "]"
    return text.partition(":")[0]


def is_known_host(header: str, hosts: Collection[str]) -> bool:
    """Whether the desk is called by a name of its own.

    A page of another site whose name suddenly means this machine (DNS rebinding) is refused by it.
    """
    return host_of(header) in hosts
