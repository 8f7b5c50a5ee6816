"""The inputs that a version was made from, kept as they came, so that it can be made again.

Belongs here: keeping bytes under their own sha256, and proving on reading that they are still the same. Must
stay out: what is in them (`tasks/ingest`) and the rows that were read from them (`warehouse/database`). They
hold personal data: folders 0700, files 0600, never published.
"""

from __future__ import annotations

import hashlib
import re

from programme.problems import ProblemsError, problem
from warehouse.inputs.rewritten import newest
from warehouse.storage import Storage

FOLDER = "restricted/inputs"
_SHA256 = re.compile(r"[0-9a-f]{64}")


def keep_input(storage: Storage, data: bytes) -> str:
    """Keep these bytes and return their sha256; the same bytes are kept once.

    What is there is looked at: other bytes under that name are damaged, and are replaced.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    if not mend_input(storage, data) and not storage.exists(_path(sha256)):
        storage.write(_path(sha256), data, private=True)
    return sha256


def mend_input(storage: Storage, data: bytes) -> bool:
    """Replace other bytes that are kept under the hash of these; returns whether there were any."""
    path = _path(hashlib.sha256(data).hexdigest())
    try:
        damaged = storage.read(path) != data
    except FileNotFoundError:
        return False
    if damaged:
        storage.write(path, data, private=True)
    return damaged


def read_input(storage: Storage, sha256: str) -> bytes:
    """The bytes of that hash; raises `ProblemsError` where they are gone or have changed.

    Where somebody was erased from them, these are the bytes that are kept in their place.
    """
    sha256 = _standing(storage, sha256)
    try:
        data = storage.read(_path(sha256))
    except FileNotFoundError as error:
        raise _lost(storage, sha256, "no such file") from error
    if (other := hashlib.sha256(data).hexdigest()) != sha256:
        raise _lost(storage, sha256, f"other bytes ({len(data)}, sha256 {other[:12]}...)")
    return data


def read_damaged(storage: Storage, sha256: str) -> bytes:
    """What lies under that hash, whatever it is now: to look for what can still be read of it."""
    return storage.read(_path(_standing(storage, sha256)))


def has_input(storage: Storage, sha256: str) -> bool:
    """Whether something is kept under that hash."""
    return storage.exists(_path(_standing(storage, sha256)))


def erase_input(storage: Storage, sha256: str) -> None:
    """Remove the bytes of that hash, because a person in them asked for it.

    The versions that were made from them cannot be replayed any more.
    """
    storage.delete(_path(sha256))


def _standing(storage: Storage, sha256: str) -> str:
    """The hash of what is kept under that hash now."""
    return sha256 if storage.exists(_path(sha256)) else newest(storage, sha256)


def _path(sha256: str) -> str:
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"not a sha256 in hexadecimal: {sha256!r}")
    return f"{FOLDER}/{sha256}"


def _lost(storage: Storage, sha256: str, found: str) -> ProblemsError:
    return problem(
        found=found,
        expected=f"the input as it was when the version was made (sha256 {sha256[:12]}...)",
        where=f"{storage.address}/{_path(sha256)}",
        remedy="Put the file with these bytes among the round's inputs, or restore it from a backup. An "
        "input erased on request cannot come back, and its versions cannot be replayed.",
    )
