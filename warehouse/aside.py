"""Damaged bytes, kept aside before something good takes their place.

Belongs here: where they go. Must stay out: what is damaged, and mending it. Nobody knows what damaged bytes
hold, so they are kept as private as what a person sent.
"""

from __future__ import annotations

from warehouse.storage import Storage

FOLDER = "restricted/damaged"


def put_aside(storage: Storage, path: str) -> str | None:
    """Move what lies at a path, a file or a folder, aside; returns where it is, None if nothing was there.

    A file whose bytes are kept aside already, as a crash leaves them, is removed: they are kept once.
    """
    place = f"{FOLDER}/{path}"
    folders, files = storage.entries(place)
    if storage.exists(path):
        data = storage.read(path)
        for item in files:
            if storage.read(item.path) == data:
                storage.delete(path)
                return item.path
    to = f"{place}/{len(folders) + len(files) + 1}"
    storage.move(path, to)
    folders, files = storage.entries(place)
    moved = to in [item.path for item in files] or to.rsplit("/", 1)[-1] in folders
    return to if moved else None
