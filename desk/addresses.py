"""Addresses of the desk's pages, and how an id stands in one.

Belongs here: writing an address. Ids come from outside: one that a browser could take for something else
(`..`, `a/b`) stands in an address by its hash. No personal data is ever part of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from urllib.parse import quote, urlencode

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")


def address(*parts: object, **query: object) -> str:
    """The address of a page below the root, each part escaped."""
    path = "/" + "/".join(quote(str(part), safe="") for part in parts)
    asked = {name: value for name, value in query.items() if value not in (None, "")}
    return f"{path}?{urlencode(asked)}" if asked else path


def key_of(name: str) -> str:
    """How an id stands in an address: as it is where that is safe, else by its hash."""
    return (
        name
        if _PLAIN.fullmatch(name)
        else f"~{sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
    )


def named_by(key: str, names: Iterable[str]) -> str | None:
    """The id that an address means; None where there is none."""
    return next((name for name in names if key_of(name) == key), None)
