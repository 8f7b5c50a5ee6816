"""How long the pages of the desk take at 1,000 applications, as somebody at a browser waits for them.

`make bench-desk`. It makes a round of its own in a temporary folder (a minute or two); `--data DIR` asks an
office that is there already. Each page is asked several times; the middle one counts, and the first one of a
desk that was just started is told by itself.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from desk.app import make_app
from flows.context import AppContext, open_context
from flows.settings import DeskSettings, read_settings
from tests.benchmarks.large_office import APPLICATIONS, ROUND, make_office
from tests.desk.conftest import Worker, worker
from tests.desk.test_board import BOARD, buttons, field

MOST_MS = 300
MOST_WHAT_IF_MS = 2_000
TIMES = 5


Took = tuple[float, float]
"""Milliseconds that somebody waits, and milliseconds of the processor."""


def timed(ask: Callable[[], object]) -> Took:
    """How long one call takes. On a busy machine the wait is longer than the processor needs."""
    start, busy = time.perf_counter(), time.process_time()
    ask()
    return (time.perf_counter() - start) * 1000, (time.process_time() - busy) * 1000


def pages(desk: Worker) -> dict[str, Callable[[], object]]:
    """The pages, by what they are called."""
    at, version = f"/rounds/{ROUND}", f"/rounds/{ROUND}/versions/1"
    point = desk.points()[0]
    application = next(iter(desk.app.state.office.now(ROUND).version.applications))
    got = {
        "season": "/season",
        "queue": f"{at}/queue",
        "a point": f"{at}/queue/{point}",
        "applications": f"{at}/applications",
        "an application": f"{at}/applications/{application}",
        "board": BOARD,
        "decisions": f"{at}/decisions",
        "runs": f"{at}/runs",
        "a version": version,
        "a table as CSV": f"{version}/tables/applications.csv",
        "workbook": f"{at}/workbook",
    }
    made: dict[str, Callable[[], object]] = {
        name: lambda path=path: _whole(desk.get(path)) for name, path in got.items()
    }
    made["search"] = lambda: _whole(desk.post(f"{at}/applications", text="an"))
    return made


def _whole(answer: object) -> object:
    status = getattr(answer, "status_code", 0)
    assert status == 200, status
    return answer


def what_if(desk: Worker) -> Callable[[], object]:
    """Trying to dissolve the first twinning."""
    quick = next(one for one in buttons(desk.text(BOARD)) if "forbid" in one)
    token = desk.token()
    fields = {"form_token": token, "quick": quick}
    headers = {"hx-request": "true"}

    def ask() -> object:
        page = desk.client.post(f"{BOARD}/try", data=fields, headers=headers)
        assert field(page.text, "trial")
        return _whole(page)

    return ask


def measure(context: AppContext) -> bool:
    """Print the figures; whether all of them are within what is promised."""
    desk = worker(make_app(context, DeskSettings()), "bench")
    count = len(desk.app.state.office.now(ROUND).version.applications)
    print(f"{count} applications, {len(desk.points())} points on the first page of the queue")  # noqa: T201
    fresh = worker(make_app(context, DeskSettings()), "bench")
    rows = [
        ("the first page of a desk just started (queue)", timed(lambda: fresh.get(f"/rounds/{ROUND}/queue")))
    ]
    asks = pages(desk)
    for name, ask in asks.items():
        ask()
        rows.append((name, _middle(timed(ask) for _ in range(TIMES))))
    question = what_if(desk)
    first, again = timed(question), _middle(timed(question) for _ in range(TIMES))
    rows += [("what-if, the first", first), ("what-if", again)]
    good = True
    for name, (took, busy) in rows:
        most = MOST_WHAT_IF_MS if name.startswith("what-if") else MOST_MS
        good &= took <= most
        verdict = "" if took <= most else f"  more than {most}"
        print(f"{name:48} {took:7.0f} ms, {busy:5.0f} ms of the processor{verdict}")  # noqa: T201
    return good


def _middle(took: Iterable[Took]) -> Took:
    return sorted(took)[TIMES // 2]


def main() -> None:
    """Measure an office that is there, or one made for it."""
    if "--data" in sys.argv:
        folder = sys.argv[sys.argv.index("--data") + 1]
        context = open_context(read_settings({**os.environ, "CITY2CITY_DATA": folder}))
        sys.exit(0 if measure(context) else 1)
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        context = make_office(Path(folder))
        print(f"{APPLICATIONS} applications processed in {time.perf_counter() - start:.0f} s")  # noqa: T201
        sys.exit(0 if measure(context) else 1)


if __name__ == "__main__":
    main()
