"""A bucket whose server has errors, breaks connections and cuts answers: each call does what it says, once.

Each kind of request of each call is disturbed in each way of the proxy, the first time that it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from tests.hostile.fault_proxy import FAULTS, SLOW_S, fault_proxy
from warehouse.storage import Storage, bucket_client, open_storage

pytestmark = pytest.mark.long
METHODS = ("GET", "HEAD", "PUT", "DELETE", "POST")
FILES = {"a.parquet": b"a", "b.parquet": b"b", "datapackage.json": b"{}"}


@dataclass
class First:
    """The first request of a method is disturbed."""

    method: str = ""
    way: str = ""
    seen: list[str] = field(default_factory=list)

    def __call__(self, method: str, path: str) -> str | None:
        if method != self.method or self.seen:
            return None
        self.seen.append(path)
        return self.way


@pytest.fixture(scope="module")
def plan() -> First:
    return First()


@pytest.fixture(scope="module")
def disturbed(s3_options: dict[str, str], plan: First) -> Iterator[Storage]:
    """The bucket behind the proxy; its client waits for less than a slow answer takes."""
    usual, bucket_client.TIMEOUT = bucket_client.TIMEOUT, timedelta(seconds=SLOW_S - 1)
    try:
        with fault_proxy(s3_options["endpoint"], plan) as endpoint:
            yield open_storage("s3://city2city/broken", {**s3_options, "endpoint": endpoint})
    finally:
        bucket_client.TIMEOUT = usual


def _append(storage: Storage, folder: str) -> None:
    storage.append(f"{folder}/lines", b"one\n")
    storage.append(f"{folder}/lines", b"two\n")
    assert storage.read(f"{folder}/lines") == b"one\ntwo\n"


def _publish(storage: Storage, folder: str) -> None:
    storage.publish(f"{folder}/v", FILES, "datapackage.json")
    assert {item.path.rpartition("/")[2]: storage.read(item.path) for item in storage.list(folder)} == FILES


def _write_and_delete(storage: Storage, folder: str) -> None:
    storage.write(f"{folder}/a", b"1" * 2000)
    storage.write(f"{folder}/b", b"2")
    assert storage.read(f"{folder}/a") == b"1" * 2000
    assert [item.n_bytes for item in storage.entries(folder)[1]] == [2000, 1]
    storage.delete(f"{folder}/b")
    assert not storage.exists(f"{folder}/b")
    assert [item.path for item in storage.list(folder)] == [f"{folder}/a"]


@pytest.mark.parametrize("way", FAULTS)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("call", [_append, _publish, _write_and_delete], ids=["append", "publish", "write"])
def test_each_call_does_what_it_says_once(
    disturbed: Storage, plan: First, call: Callable[[Storage, str], None], method: str, way: str
) -> None:
    plan.method, plan.way = method, way
    plan.seen.clear()
    call(disturbed, f"{call.__name__}-{method}-{FAULTS.index(way)}")
