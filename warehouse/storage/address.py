"""The storage at an address.

Belongs here: which kind of storage an address means. Must stay out: the environment (an address and its
options come in as arguments) and what a storage does (`interface.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

from programme.problems import problem
from warehouse.storage.interface import Storage


def open_storage(address: str, options: Mapping[str, str] | None = None) -> Storage:
    """The storage at an address: a folder, or `s3://bucket/prefix`.

    `options` are for a bucket: endpoint, region and keys (`OPTIONS` in `bucket.py`). Raises `ProblemsError`
    for an address of another kind or an option that does not exist.
    """
    scheme, separator, _ = address.partition("://")
    if not separator:
        from warehouse.storage.folder import FolderStorage  # noqa: PLC0415  (loaded only where it is used)

        return FolderStorage(address)
    if scheme == "s3":
        from warehouse.storage.bucket import open_bucket  # noqa: PLC0415  (obstore costs 60 ms)

        return open_bucket(address, options or {})
    raise problem(
        found=f"an address of kind {scheme!r}",
        expected="a folder, or s3://bucket/prefix",
        where=f"the address {address!r}",
        remedy="Correct CITY2CITY_DATA or --inputs.",
    )
