"""Asking a bucket until it has answered, where the client does not ask again by itself.

The client asks again where the server has an error, and where no answer comes to a reading. It does not
where an answer began and was cut off, nor where the connection breaks under a put with a condition or under
a removal, because it cannot know whether that was done. We can: a reading changes nothing, a removal may be
done twice, and whoever puts with a condition looks at what is there once it is refused.

Belongs here: asking again. Must stay out: what is asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import obstore
from obstore import exceptions
from obstore.store import S3Store

Answer = TypeVar("Answer")
BROKEN, ASKED_AGAIN = "HTTP error", " retries, max_retries"
"""What the client's error contains where the connection broke, and where it has asked again in vain."""
WAITS_S = (0.1, 0.4, 1.6)
"""How long is waited before each further time."""


@dataclass(frozen=True)
class Fetched:
    """An object with its bytes, its tag, and what was noted with it."""

    data: bytes
    tag: str | None
    attributes: Mapping[str, str]


def fetched(store: S3Store, path: str) -> Fetched:
    """An object of a bucket; raises as `obstore.get`."""

    def ask() -> Fetched:
        there = obstore.get(store, path)
        attributes = {str(name): str(value) for name, value in there.attributes.items()}
        return Fetched(there.bytes().to_bytes(), there.meta["e_tag"], attributes)

    return until_answered(ask)


def until_answered(ask: Callable[[], Answer]) -> Answer:
    """What a request answers; it is made again where its connection broke and the client gave up at once."""
    for wait in WAITS_S:
        try:
            return ask()
        except exceptions.BaseError as error:
            if BROKEN not in str(error) or ASKED_AGAIN in str(error):
                raise
        time.sleep(wait)
    return ask()
