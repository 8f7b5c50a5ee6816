"""A damaged version in a bucket is rebuilt with the bytes that were published, also while the store fails.

The bucket is that of moto, and that of SeaweedFS where that is here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from flows.context import AppContext, open_context
from flows.settings import read_settings
from tests.hostile.fault_proxy import FAULTS, SLOW_S, fault_proxy
from tests.hostile.small_round import ROUND
from tests.hostile.test_elsewhere import Place, places, set_bucket, store
from tests.hostile.test_faulty_store import MOST_TRIES, NowAndThen, Stubborn, begin, command, life
from warehouse.snapshots.verify import verify_version
from warehouse.storage import Storage, bucket_client

__all__ = ["places", "store"]
pytestmark = [pytest.mark.long, pytest.mark.timeout(3600)]
TOP = f"snapshots/round={ROUND}"
EDITION = f"public/round={ROUND}/version=0002"
FILES = (
    f"{TOP}/version=0002/datapackage.json",
    f"{TOP}/version=0002/applications.parquet",
    f"{TOP}/version=0002/twinnings.parquet",
    f"{TOP}/version=0001/ranking.parquet",
    f"{TOP}/version=0001/datapackage.json",
    f"{TOP}/latest.json",
    f"{TOP}/approved.json",
    f"{TOP}/attestations/version=0002.intoto.json",
    f"{EDITION}/datapackage.json",
    f"{EDITION}/cities.csv",
)
HARMS: dict[str, Callable[[bytes], bytes | None]] = {
    "missing": lambda _: None,
    "empty": lambda _: b"",
    "flipped": lambda data: (
        data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :]
    ),
    "truncated": lambda data: data[:-7],
}
ALL = {
    path: list(HARMS)[number % len(HARMS)] for number, path in enumerate(FILES) if "attestations" not in path
}
"""Files damaged at once, each in one of the ways; the signature is whole, which says what an edition held."""
ASIDE = "restricted/damaged"


def published(storage: Storage) -> dict[str, bytes]:
    """What everybody may read, by its path."""
    return {
        item.path: storage.read(item.path) for top in ("snapshots", "public") for item in storage.list(top)
    }


def damage(storage: Storage, path: str, how: str) -> bytes | None:
    """Damage a file, and return what is there now."""
    bad = HARMS[how](storage.read(path))
    if bad is None:
        storage.delete(path)
    else:
        storage.write(path, bad)
    return bad


@contextmanager
def announced(
    place: Place, out: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[AppContext, dict[str, bytes]]]:
    """An office in a bucket with an approved version 2, and what it published."""
    from flows.signing import key_path
    from warehouse.signing.keys import make_key

    context = begin(place, monkeypatch)
    monkeypatch.setenv("CITY2CITY_SIGNING_KEY", str(out / "keys/office.pem"))
    make_key(key_path(open_context(read_settings())))
    for name, step in life(out):
        if name in ("run", "decide", "withdraw", "run again", "approve"):
            assert step() == 0, name
    before = published(context.storage)
    assert set(FILES) <= set(before)
    yield context, before


def repair(version: int) -> int:
    return command("repair", ROUND, str(version), "--json")()


def kept_aside(storage: Storage) -> set[bytes]:
    return {storage.read(item.path) for item in storage.list(ASIDE)}


def test_a_damaged_file_in_a_bucket_gets_its_bytes_back(
    places: tuple[Place, Place, Place],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with announced(places[1], tmp_path, monkeypatch) as (context, before):
        for path in FILES:
            for how in HARMS:
                bad = damage(context.storage, path, how)
                capsys.readouterr()
                version = 1 if "version=0001" in path else 2
                assert repair(version) == 0, (path, how)
                told = json.loads(capsys.readouterr().out)
                assert [
                    *(f"{TOP}/version={version:04d}/{name}" for name in told["damaged"]),
                    *told["beside"],
                ] == [path], how
                assert published(context.storage) == before, (path, how)
                assert bad is None or bad in kept_aside(context.storage), (path, how)
                assert repair(version) == 0
                again = json.loads(capsys.readouterr().out)
                assert (again["damaged"], again["beside"]) == ({}, []), (path, how)


def test_a_whole_version_that_was_removed_from_a_bucket_comes_back(
    places: tuple[Place, Place, Place], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with announced(places[1], tmp_path, monkeypatch) as (context, before):
        for item in context.storage.list(f"{TOP}/version=0002"):
            context.storage.delete(item.path)
        context.storage.write(f"{TOP}/version=0002/foreign.txt", b"of nobody")
        assert repair(2) == 0
        assert published(context.storage) == before
        assert b"of nobody" in kept_aside(context.storage)


def test_what_cannot_be_rebuilt_in_a_bucket_stays_as_it_is(
    places: tuple[Place, Place, Place],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with announced(places[1], tmp_path, monkeypatch) as (context, _):
        for top in ("restricted/inputs", "restricted/packages"):
            for item in context.storage.list(top):
                context.storage.delete(item.path)
        damage(context.storage, f"{TOP}/version=0002/twinnings.parquet", "flipped")
        damage(context.storage, f"{TOP}/version=0002/latest.json".replace("version=0002/", ""), "empty")
        damaged = published(context.storage)
        assert repair(2) == 2
        said = capsys.readouterr().err
        assert "Nothing was changed" in said
        assert "Traceback" not in said
        assert published(context.storage) == damaged


def test_a_store_that_fails_now_and_then_does_not_disturb_a_repair(
    store: dict[str, str],
    places: tuple[Place, Place, Place],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan = NowAndThen()
    monkeypatch.setattr(bucket_client, "TIMEOUT", timedelta(seconds=SLOW_S - 1))
    with announced(places[1], tmp_path, monkeypatch) as (context, before):
        with fault_proxy(store["endpoint"], plan) as endpoint:
            for _ in range(3):
                bad = {path: damage(context.storage, path, how) for path, how in ALL.items()}
                set_bucket(monkeypatch, {"endpoint": endpoint})
                assert [repair(version) for version in (1, 2)] == [0, 0]
                set_bucket(monkeypatch, store)
                assert published(context.storage) == before
        assert {data for data in bad.values() if data is not None} <= kept_aside(context.storage)
        assert verify_version(context.storage, ROUND, 2) == []
    assert set(plan.told) == set(FAULTS)


@pytest.mark.parametrize("store", ["moto"], indirect=True)
def test_a_repair_that_fails_at_each_change_is_made_good_by_the_next(
    store: dict[str, str],
    places: tuple[Place, Place, Place],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    plan, disturbed = Stubborn(step="repair"), 0
    with (
        announced(places[1], tmp_path, monkeypatch) as (context, before),
        fault_proxy(store["endpoint"], plan) as endpoint,
    ):
        for _ in range(MOST_TRIES):
            bad = {path: damage(context.storage, path, how) for path, how in ALL.items()}
            set_bucket(monkeypatch, {"endpoint": endpoint})
            with plan.at_work():
                statuses = [repair(version) for version in (1, 2)]
            said = capsys.readouterr().err
            set_bucket(monkeypatch, store)
            assert "Traceback" not in said, said
            failing, disturbed = plan.now, disturbed + (plan.now is not None)
            assert set(statuses) <= {0, 1, 2}, (failing, said)
            if statuses != [0, 0]:
                assert said.strip(), failing
            assert [repair(version) for version in (1, 2)] == [0, 0], failing
            assert published(context.storage) == before, failing
            assert {data for data in bad.values() if data is not None} <= kept_aside(context.storage), failing
            if failing is None:
                break
        else:
            pytest.fail(f"a repair is disturbed without end: {sorted(plan.tried)}")
    assert disturbed > 6
