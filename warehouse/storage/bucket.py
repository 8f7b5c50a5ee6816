"""A storage that is a bucket of S3, or of any server with the same interface.

Belongs here: how a version appears whole although a bucket cannot move a directory in one step. Must stay
out: what the files are, and the environment: the options come in as arguments, and the client itself finds
credentials that are not among them, as on a machine with a role.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from secrets import token_hex
from typing import Any

import obstore
from obstore import exceptions
from obstore.store import S3Store

from programme.problems import ProblemsError, problem
from warehouse.storage.asking import fetched, until_answered
from warehouse.storage.bucket_client import bucket_client
from warehouse.storage.interface import AlreadyPublishedError, StoredFile, checked_path

ABANDONED_AFTER = timedelta(minutes=15)
"""Half-published files older than this belong to a crashed run.

Publishing takes seconds, and no upload may last longer than `bucket_client.TIMEOUT`.
"""
NO_BUCKET = "NoSuchBucket"
"""What the server's answer contains where the bucket itself is missing and not an object in it."""
MARK = "publication"
"""The name under which a version's last file carries the mark of the publication that put it."""
APPENDS_TRIED = 50
"""How often an append is tried again because another process appended meanwhile."""
AT_ONCE = 8
"""Requests in flight at once while a version is published: its small files cost latency, not bandwidth."""


def open_bucket(address: str, options: Mapping[str, str]) -> BucketStorage:
    """The bucket of `s3://bucket/prefix`; raises as `bucket_client`."""
    return BucketStorage(address, bucket_client(address, options))


class BucketStorage:
    """Objects below one prefix of a bucket."""

    publishes_at_once = False

    def __init__(self, address: str, store: S3Store) -> None:
        self.address = address
        self._store = store

    def read(self, path: str) -> bytes:
        """The object's bytes; raises `FileNotFoundError`."""
        with self._store_errors_reported():
            return fetched(self._store, checked_path(path)).data

    def write(self, path: str, data: bytes, *, private: bool = False) -> None:  # noqa: ARG002  (a bucket's policy decides who may read)
        """Replace one object; a bucket does that in a single step by itself."""
        with self._store_errors_reported():
            obstore.put(self._store, checked_path(path), data, use_multipart=False)

    def append(self, path: str, data: bytes) -> None:
        """Replace the object by a longer one, if it is still the one that was read; otherwise again.

        What was put and refused may be there nevertheless, where the answer to a first put was lost.
        """
        wanted: bytes | None = None
        for _ in range(APPENDS_TRIED):
            there = self._with_tag(checked_path(path))
            if wanted is not None and there[0].startswith(wanted):
                return
            wanted = there[0] + data
            try:
                self._put_if(path, wanted, there[1])
            except FileExistsError:
                continue
            except ProblemsError:
                if not self._with_tag(path)[0].startswith(wanted):
                    raise
            return
        raise self._unreachable(f"{path}, which others keep changing")

    def _with_tag(self, path: str) -> tuple[bytes, str | None]:
        """The bytes that are there with their tag; no bytes and None where there are none."""
        with suppress(FileNotFoundError), self._store_errors_reported():
            there = fetched(self._store, path)
            return there.data, there.tag
        return b"", None

    def _put_if(self, path: str, data: bytes, tag: str | None, mark: str | None = None) -> str | None:
        """Put the bytes in place of those with the tag, None for nothing, and return their own tag.

        Raises `FileExistsError` where others are there, or where it was done and the answer was lost.
        """
        mode: Any = "create" if tag is None else {"e_tag": tag}
        noted: Any = None if mark is None else {MARK: mark}

        def put() -> str | None:
            done = obstore.put(self._store, path, data, mode=mode, use_multipart=False, attributes=noted)
            return done["e_tag"]

        with self._store_errors_reported():
            return until_answered(put)

    def exists(self, path: str) -> bool:
        """Whether there is an object of that name."""
        with suppress(FileNotFoundError), self._store_errors_reported():
            obstore.head(self._store, checked_path(path))
            return True
        return False

    def list(self, directory: str = "") -> list[StoredFile]:
        """Every object below the directory."""
        prefix = checked_path(directory) if directory else None
        with self._store_errors_reported():
            found = until_answered(
                lambda: [item for chunk in obstore.list(self._store, prefix) for item in chunk]
            )
        files = [StoredFile(item["path"], item["size"], item["last_modified"]) for item in found]
        return sorted(files, key=lambda item: item.path)

    def entries(self, directory: str = "") -> tuple[Sequence[str], Sequence[StoredFile]]:
        """The names of the folders and the objects directly in the directory.

        A bucket has no folders: a folder is what the names of objects share up to a `/`.
        """
        prefix = checked_path(directory) if directory else None
        with self._store_errors_reported():
            found = until_answered(lambda: obstore.list_with_delimiter(self._store, prefix))
        files = [StoredFile(item["path"], item["size"], item["last_modified"]) for item in found["objects"]]
        folders = [path.rstrip("/").rsplit("/", 1)[-1] for path in found["common_prefixes"]]
        return sorted(folders), sorted(files, key=lambda item: item.path)

    def leftovers(self, directory: str = "") -> Sequence[StoredFile]:
        """None: an object of a bucket appears when it is whole."""
        checked_path(directory or "all")
        return []

    def clear_leftovers(self) -> int:
        """Nothing is ever left aside in a bucket."""
        return 0

    def delete(self, path: str) -> None:
        """Remove one object, if there is one."""
        with self._store_errors_reported():
            until_answered(lambda: obstore.delete(self._store, checked_path(path)))

    def move(self, path: str, to: str) -> None:
        """Copy each object, then remove it; a crash between leaves both."""
        below = [item.path for item in self.list(path) if item.path != path]
        for item in [*([path] if self.exists(path) else []), *below]:
            target = checked_path(to + item.removeprefix(path))
            with self._store_errors_reported():
                until_answered(partial(obstore.copy, self._store, item, target))
            self.delete(item)

    def publish(self, directory: str, files: Mapping[str, bytes], last: str) -> None:
        """Put the files, then `last`, each only if it is not there yet.

        So `last` appears once, and only over a complete set. A run that crashed leaves some files and no
        `last`: those with the same bytes are kept, old ones are replaced. A recent file with other bytes
        belongs to another run; then `ProblemsError` is raised.
        """
        if last not in files:
            raise ValueError(f"{last!r} is not among the files of {directory}")
        if self.exists(f"{directory}/{last}"):
            raise AlreadyPublishedError(directory)
        self._remove_unexpected(directory, files)
        names = sorted(name for name in files if name != last)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            tags = dict(
                zip(
                    names,
                    pool.map(lambda name: self._put_once(directory, name, files[name], last), names),
                    strict=True,
                )
            )
            list(pool.map(lambda name: self._prove_unchanged(directory, name, tags[name]), names))
        self._put_last(directory, last, files[last])

    def _put_last(self, directory: str, name: str, data: bytes) -> None:
        """Put the file that completes the directory.

        A put may succeed and its answer be lost; put again, it is refused, because it is there. So the object
        carries a mark of this publication, and what is there decides.
        """
        path, mark = checked_path(f"{directory}/{name}"), token_hex(16)
        try:
            self._put_if(path, data, None, mark)
        except (FileExistsError, ProblemsError) as error:
            if self._holds(path, data, mark):
                return
            if isinstance(error, ProblemsError):
                raise
            raise AlreadyPublishedError(directory) from error

    def _holds(self, path: str, data: bytes, mark: str) -> bool:
        """Whether an object is the one that was put: by its bytes, and its mark where the server keeps it."""
        try:
            with self._store_errors_reported():
                there = fetched(self._store, path)
                return there.attributes.get(MARK, mark) == mark and there.data == data
        except (FileNotFoundError, ProblemsError):
            return False

    def _remove_unexpected(self, directory: str, files: Mapping[str, bytes]) -> None:
        for item in self.list(directory):
            name = item.path.removeprefix(f"{directory}/")
            if name not in files:
                self._refuse_if_recent(directory, name)
                self.delete(item.path)

    def _put_once(self, directory: str, name: str, data: bytes, last: str) -> str | None:
        path = checked_path(f"{directory}/{name}")
        there: tuple[bytes, str | None] = (b"", None)
        for _ in range(2):  # where nothing is, then in place of what a run left that crashed
            try:
                return self._put_if(path, data, there[1])
            except (FileExistsError, ProblemsError) as error:
                lost = isinstance(error, ProblemsError)
                if not lost and self.exists(f"{directory}/{last}"):
                    raise AlreadyPublishedError(directory) from None
                there = self._with_tag(path)
                if there[1] is not None and there[0] == data:
                    return there[1]
                if lost:
                    raise
            self._refuse_if_recent(directory, name)
        raise self._other_run(directory, name)

    def _refuse_if_recent(self, directory: str, name: str) -> None:
        with self._store_errors_reported():
            age = datetime.now(UTC) - obstore.head(self._store, f"{directory}/{name}")["last_modified"]
        if age < ABANDONED_AFTER:
            raise self._other_run(directory, name)

    def _prove_unchanged(self, directory: str, name: str, tag: str | None) -> None:
        """Raise if another run has replaced the file, just before the version becomes visible."""
        with self._store_errors_reported():
            unchanged = obstore.head(self._store, f"{directory}/{name}")["e_tag"] == tag
        if not unchanged:
            raise self._other_run(directory, name)

    def _other_run(self, directory: str, name: str) -> Exception:
        minutes = int(ABANDONED_AFTER.total_seconds() // 60)
        return problem(
            found=f"{name}, put there by another run less than {minutes} minutes ago",
            expected="one run of a round at a time",
            where=f"{self.address}/{directory}",
            remedy=f"Wait for that run; if it crashed, run again in {minutes} minutes.",
        )

    @contextmanager
    def _store_errors_reported(self) -> Iterator[None]:
        """Turn absence and presence into the errors of files, and the rest into problems of the user."""
        try:
            yield
        except (exceptions.NotFoundError, FileNotFoundError) as error:
            if NO_BUCKET in str(error):
                raise self._unreachable("no such bucket") from error
            raise FileNotFoundError(self.address) from error
        except (exceptions.AlreadyExistsError, exceptions.PreconditionError, FileExistsError) as error:
            raise FileExistsError(self.address) from error
        except exceptions.BaseError as error:
            found = "no such bucket" if NO_BUCKET in str(error) else str(error).strip().splitlines()[0][:300]
            raise self._unreachable(found) from error

    def _unreachable(self, found: str) -> Exception:
        return problem(
            found=found,
            expected="a bucket that answers and may be read and written",
            where=self.address,
            remedy="Check the address, the endpoint, the keys and the network.",
        )
