"""An office whose data are in a bucket: a store in this process, which disturbed calls put into.

Belongs here: moving what an office keeps from its folder into such a store, and the settings that follow.
Database, key and inputs stay in the folder. Must stay out: the calls that are disturbed (`calls.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import obstore
from obstore.store import MemoryStore

NAME = "bucket"
"""The file of an office that names its bucket."""
IN_A_FOLDER = ("inputs/", "locks/", "restricted/keys/", "warehouse.db")
_STORES: dict[str, MemoryStore] = {}


def bucket_settings(data: Path) -> dict[str, str]:
    """The variables of an office with a bucket; none where it has only a folder."""
    if not (data / NAME).exists():
        return {}
    return {
        "CITY2CITY_DATA": f"s3://{(data / NAME).read_text()}",
        "CITY2CITY_DATABASE_URL": f"sqlite:///{data}/warehouse.db",
        "CITY2CITY_SIGNING_KEY": f"{data}/restricted/keys/office.pem",
        "CITY2CITY_CACHE": f"{data}/cache",
    }


def move_to_a_bucket(data: Path) -> None:
    """Move what an office keeps from its folder into a bucket of its own."""
    name, store = uuid4().hex, MemoryStore()
    for path in sorted(data.rglob("*")):
        key = path.relative_to(data).as_posix()
        if path.is_file() and not key.startswith(IN_A_FOLDER):
            obstore.put(store, key, path.read_bytes(), use_multipart=False)
            path.unlink()
    _STORES[name] = store
    (data / NAME).write_text(name)


@contextmanager
def buckets() -> Iterator[None]:
    """Inside, the addresses of buckets lead to the stores of this process; the calls have one order."""

    def store(name: str, **_: Any) -> MemoryStore:
        return _STORES[name]

    with (
        patch("warehouse.storage.bucket_client.S3Store", store),
        patch("warehouse.storage.bucket.AT_ONCE", 1),
    ):
        yield
    _STORES.clear()
