"""The life of a round while its store fails: nothing is lost, nothing is doubled, the content is the same.

Between the program and the store stands a proxy. It answers with errors, breaks connections, cuts answers, is
slow, and lets a request be done and says that it failed. Once it does so now and then, and nobody notices:
the client asks again. Once it is stubborn: a request fails however often it is repeated. Then the command
ends with one message, and given again it goes on; at each place where the store is changed, in turn.
"""

from __future__ import annotations

import re
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from flows.cli import main
from flows.context import AppContext, open_context
from flows.errors import StoppedError
from flows.replay import replay
from flows.settings import read_settings
from programme.problems import ProblemsError
from tests.hostile.fault_proxy import FAULTS, SLOW_S, fault_proxy
from tests.hostile.small_round import ROUND, json_bytes
from tests.hostile.test_canaries import sign_of
from tests.hostile.test_elsewhere import Place, left_in, places, run, set_bucket, store
from tests.hostile.test_forget import GONE, planted
from warehouse.snapshots import list_versions, read_package
from warehouse.snapshots.approved import read_approved
from warehouse.snapshots.verify import verify_version
from warehouse.storage import bucket_client

__all__ = ["places", "store"]
pytestmark = [pytest.mark.long, pytest.mark.timeout(3600)]
CHANGES = ("PUT", "POST", "DELETE")
STUBBORN = {"undone": ("error", "reset"), "done": ("done, error", "done, reset")}
NAMES = re.compile(r"[\w-]+\.parquet|[\w.-]+\.(?:xlsx|eml)|[0-9a-f]{8,}|[0-9]+")
"""What of a path is one name of many."""
QUICK = tuple(way for way in FAULTS if way != "slow")
MOST_TRIES = 60
AT = ("--at", "2025-10-01T10:00:00+00:00")
TOLD = ("--reason", f"{sign_of('office', 'reason', 'gone')} asked", "--by", "TEAM")
Step = Callable[[], int]
"""Something that the office does; returns its exit status."""


@dataclass
class NowAndThen:
    """Every fifth request is disturbed, but no request twice in a row."""

    seen: int = 0
    last: dict[tuple[str, str], bool] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, method: str, path: str) -> str | None:
        with self.lock:
            self.seen += 1
            due = self.seen % 5 == 3 and not self.last.get((method, path))
            self.last[method, path] = due
            if not due:
                return None
            way = "slow" if self.seen % 80 == 3 else QUICK[self.seen // 5 % len(QUICK)]
            self.told[way] += 1
            return way


@dataclass
class Stubborn:
    """A change at a place fails until the command has ended: at each place of a step once undone, once done
    all the same. Tables of one folder are one place, and so are names that are numbers or hashes.
    """

    ways: Mapping[str, Iterator[str]] = field(
        default_factory=lambda: {kind: cycle(ways) for kind, ways in STUBBORN.items()}
    )
    tried: set[tuple[str, str]] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    now: tuple[str, str, str] | None = None
    step: str = ""
    armed: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, method: str, path: str) -> str | None:
        if not self.armed or method not in CHANGES:
            return None
        place = f"{self.step}: {method} {re.sub(NAMES, '#', path.partition('?')[0])}"
        with self.lock:
            kind = next((one for one in STUBBORN if (place, one) not in self.tried), None)
            if self.now is None and kind is not None:
                self.tried.add((place, kind))
                self.now = (method, path, next(self.ways[kind]))
                self.told.add(self.now[2])
            return self.now[2] if self.now is not None and self.now[:2] == (method, path) else None

    @contextmanager
    def at_work(self) -> Iterator[None]:
        self.now, self.armed = None, True
        try:
            yield
        finally:
            self.armed = False


def command(*arguments: str) -> Step:
    def step() -> int:
        with pytest.raises(SystemExit) as end:
            main(list(arguments))
        assert isinstance(end.value.code, int)
        return end.value.code

    return step


def running() -> int:
    """A run without Prefect; a problem of the store is what a person is told."""
    try:
        run(open_context(read_settings()))
    except (ProblemsError, StoppedError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def replaying() -> int:
    context = open_context(read_settings())
    try:
        reports = [replay(context, ROUND, version) for version in list_versions(context.storage, ROUND)]
    except ProblemsError:
        return 1
    assert all(report.differing == () for report in reports)
    return 0


def life(out: Path) -> list[tuple[str, Step]]:
    """What the office does from its first run to its letters, verifying and replaying."""
    return [
        ("run", running),
        ("decide", command("decide", ROUND, "rule", GONE, "motivation", "met", *TOLD, *AT)),
        (
            "withdraw",
            command("decide", ROUND, "withdraw", "S-6", "--reason", "they wrote", "--by", "TEAM", *AT),
        ),
        ("run again", running),
        ("approve", command("approve", ROUND, "2", "--by", "Head", "--reason", "agreed")),
        ("letters", command("letters", ROUND, "--eml", str(out))),
        ("assign", command("assign", ROUND, "--per-application", "1")),
        ("verify", command("verify", ROUND)),
        ("replay", replaying),
    ]


FORGET = command("forget", GONE, "--reason", "they asked for it", "--by", "TEAM")


def left(context: AppContext, out: Path) -> dict[str, Any]:
    """What the office has in the end: equal for two offices that lived the same."""
    lines = context.ledger.decisions(ROUND).rows(named=True)
    approved = read_approved(context.storage, ROUND)
    return {
        "content": {
            f"{version} {resource['name']}": resource["content"]
            for version in list_versions(context.storage, ROUND)
            for resource in read_package(context.storage, ROUND, version)["resources"]
        },
        "problems": [
            problem
            for version in list_versions(context.storage, ROUND)
            for problem in verify_version(context.storage, ROUND, version)
        ],
        "decisions": Counter(f"{row['kind']} {row['subject']} {row['value']}" for row in lines),
        "approved": approved and (approved.version, approved.approvals),
        "letters": Counter(
            f"{row['application_id']} {row['kind']} {row['state']}" for row in context.outbox.letters(ROUND)
        ),
        "files": len(list(out.rglob("*.eml"))),
        "public": sorted(item.path for item in context.storage.list("public") if "version=" in item.path),
    }


def begin(place: Place, monkeypatch: pytest.MonkeyPatch) -> AppContext:
    context = place.enter(monkeypatch)
    for table, rows in planted()[0].items():
        context.storage.write(f"inputs/{ROUND}/{table}.json", json_bytes(rows), private=True)
    return context


def lived(place: Place, out: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The same of an office whose store never fails."""
    context = begin(place, monkeypatch)
    assert [name for name, step in life(out) if step() != 0] == []
    return left(context, out)


def nothing_of_them(context: AppContext) -> list[str]:
    return left_in(context, planted()[1] | {sign_of("office", "reason", "gone"): "a decision's reason"})


def test_a_store_that_fails_now_and_then_is_not_noticed(
    store: dict[str, str],
    places: tuple[Place, Place, Place],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here, there, _ = places
    expected = lived(here, tmp_path / "here-out", monkeypatch)
    plan, out = NowAndThen(), tmp_path / "there-out"
    monkeypatch.setattr(bucket_client, "TIMEOUT", timedelta(seconds=SLOW_S - 1))
    with fault_proxy(store["endpoint"], plan) as endpoint:
        set_bucket(monkeypatch, {"endpoint": endpoint})
        begin(there, monkeypatch)
        assert [name for name, step in life(out) if step() != 0] == []
        assert left(open_context(read_settings()), out) == expected
        assert FORGET() == 0
        assert nothing_of_them(open_context(read_settings())) == []
    assert set(plan.told) == set(FAULTS)
    set_bucket(monkeypatch, store)
    context = open_context(read_settings())
    assert nothing_of_them(context) == []
    assert left(context, out)["content"] == expected["content"]


@pytest.mark.parametrize("store", ["moto"], indirect=True)
def test_a_store_that_fails_at_each_change_loses_and_doubles_nothing(
    store: dict[str, str],
    places: tuple[Place, Place, Place],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    here, there, _ = places
    expected = lived(here, tmp_path / "here-out", monkeypatch)
    plan, out = Stubborn(), tmp_path / "there-out"
    disturbed: Counter[str] = Counter()
    with fault_proxy(store["endpoint"], plan) as endpoint:
        set_bucket(monkeypatch, {"endpoint": endpoint})
        begin(there, monkeypatch)
        for name, step in [*life(out), ("forget", FORGET)]:
            if name == "forget":
                assert left(open_context(read_settings()), out) == expected
            plan.step = name.split()[0]
            for _ in range(MOST_TRIES):
                with plan.at_work():
                    status = step()
                said = capsys.readouterr()
                assert "Traceback" not in said.err, said.err
                assert status in ((0, 1, 2) if plan.now else (0,)), (name, plan.now, said.out, said.err)
                if plan.now is None:
                    break
                disturbed[name] += 1
            else:
                pytest.fail(f"{name} is disturbed without end: {sorted(plan.tried)}")
    assert {"run", "decide", "approve", "letters", "forget"} <= set(disturbed), disturbed
    assert plan.told == {way for ways in STUBBORN.values() for way in ways}
    set_bucket(monkeypatch, store)
    context = open_context(read_settings())
    assert nothing_of_them(context) == []
    assert left(context, out)["content"] == expected["content"]
    assert left(context, out)["problems"] == []
