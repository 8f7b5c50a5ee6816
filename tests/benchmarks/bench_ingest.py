"""How long reading takes: 10,000 and 100,000 forms as CSV, and a realistic round, each in a process of its
own.

Run: `python tests/benchmarks/bench_ingest.py`. The aim: 100,000 rows in at most 12 times the time of 10,000,
below 1.5 GiB.
"""

# ruff: noqa: T201  (a benchmark speaks by printing)

from __future__ import annotations

import csv
import io
import json
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

SIZES = (10_000, 100_000)
AIM_RATIO, AIM_GIB = 12.0, 1.5
REPEATS = 3
REALISTIC = Path(__file__).parents[3] / "shared" / "data" / "rounds" / "2025-07"


def forms(n_rows: int) -> bytes:
    """A CSV of invented forms with the mess of real ones: five spellings of yes, thousands marks, three date
    formats, long texts.
    """
    draw = random.Random(f"forms {n_rows}")  # noqa: S311  not for secrets
    countries = [
        "Finland",
        "United States of America",
        "Brasil",
        "TAIWAN, GREATER CHINA",
        "Kenya",
        "Côte d'Ivoire",
    ]
    topics = [
        "Clean hydrogen",
        "Data management",
        "Waste-to-energy",
        "Cooling planning, measures & technologies",
        "Digital twins & solutions",
    ]
    sentence = (
        "Our administration has studied shaded corridors together with citizens "
        "and wants to find a bankable model. "
    )
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([
        "submission_id", "submitted_at", "city_name", "country", "applicant_type", "population", "members",
        "cohort_status", "gcom_status", "plan_type",
        "plan_status", "plan_covers_whole_city", "contact_name", "contact_email", "mandate",
        "english_confirmed", "resources_confirmed", "topic_1",
        "topic_1_need", "topic_2", "topic_2_need", "jurisdiction", "motivation", "action_summary",
        "action_stage", "action_aspects", "stakeholders",
        "past_cooperation", "preferred_city_1",
    ])  # fmt: skip
    for number in range(n_rows):
        people = draw.randrange(20_000, 9_000_000)
        day, hour, minute = draw.randrange(1, 29), draw.randrange(24), draw.randrange(60)
        stamp = [
            f"2025-08-{day:02}T{hour:02}:{minute:02}:00+02:00",
            f"2025-08-{day:02} {hour:02}:{minute:02}:00",
            f"{day:02}/08/2025 {hour:02}:{minute:02}",
        ]
        writer.writerow([
            f"B-{number}", draw.choice(stamp), f"City of {draw.choice('ABCDEFGH')}{number}",
            draw.choice(countries), draw.choice(["city", "Town", "NGO"]),
            draw.choice([f"{people}", f"{people:,}", f"{people:,}".replace(",", "."), f"approx. {people}"]),
            "A | 20.000 | adopted; B | 5000 | none",
            draw.choice(["Yes, member", "No"]), draw.choice(["Yes", "will_sign"]), draw.choice(["SECAP",
            "Other"]), "adopted",
            draw.choice(["Yes", "Oui", "1", "TRUE", "No"]), f"Applicant {number}", f"x{number}@example.org",
            "confirmed", "Y", "x", draw.choice(topics),
            draw.randrange(6), draw.choice(topics), draw.randrange(6), "Full", sentence * draw.randrange(4),
            sentence * 2, "Feasibility study",
            "technical; social", "Businesses, Research",
            f"Town {number % 500} | France | URBACT | Data management", draw.choice(["", "Malmö"]),
        ])  # fmt: skip
    return out.getvalue().encode()


def read_forms(n_rows: int) -> dict[str, float]:
    """Read that many forms in this process: seconds, seconds of processor, MB of the file, GiB at the
    peak.
    """
    from programme.programme import read_programme
    from tasks.ingest.step import SourceFile, read_table
    from warehouse.sandbox import open_in_sandbox

    programme = read_programme()
    content = forms(n_rows)
    started, used = time.perf_counter(), time.process_time()
    source = SourceFile("submissions", "submissions.csv", content)
    read = read_table(source, programme, programme.rounds.rounds[0], open_binary=open_in_sandbox)
    seconds, processor = time.perf_counter() - started, time.process_time() - used
    if (read.passport.n_rows, read.frame.height) != (n_rows, n_rows):
        raise SystemExit(f"{read.passport.n_rows} rows read and {read.frame.height} used of {n_rows}")
    return {
        "seconds": seconds,
        "processor": processor,
        "megabytes": len(content) / 1e6,
        "gib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }


def read_round() -> dict[str, float]:
    """Read a realistic round in this process, the second time: seconds."""
    from programme.programme import read_programme
    from tasks.ingest.step import SourceFile, read_all
    from warehouse.sandbox import open_in_sandbox

    programme = read_programme()
    sources = [SourceFile(file.stem, file.name, file.read_bytes()) for file in sorted(REALISTIC.iterdir())]
    times = []
    for _ in range(4):
        started, used = time.perf_counter(), time.process_time()
        read_all(sources, programme, programme.rounds.get("2025-07"), open_binary=open_in_sandbox)
        times.append((time.perf_counter() - started, time.process_time() - used))
    return {
        "first": times[0][0],
        "seconds": min(wall for wall, _ in times),
        "processor": min(cpu for _, cpu in times),
    }


def child(what: str) -> dict[str, float]:
    """Run one measurement in a process of its own."""
    done = subprocess.run([sys.executable, __file__, what], capture_output=True, text=True, check=True)
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


def main() -> None:
    """Measure each size `REPEATS` times, in turn; print the best of each and the ratio."""
    if len(sys.argv) > 1:
        print(json.dumps(read_round() if sys.argv[1] == "round" else read_forms(int(sys.argv[1]))))
        return
    best: dict[int, dict[str, float]] = {}
    for _ in range(REPEATS):
        for size in SIZES:
            found = child(str(size))
            best[size] = min(found, best.get(size, found), key=lambda item: item["seconds"])
    for size, found in best.items():
        print(
            f"{size:>7,} forms ({found['megabytes']:.0f} MB): {found['seconds']:.2f} s "
            f"({found['processor']:.2f} s of processor), {found['gib']:.2f} GiB"
        )
    ratio, peak = best[SIZES[1]]["seconds"] / best[SIZES[0]]["seconds"], best[SIZES[1]]["gib"]
    print(f"ratio {ratio:.1f} (aim: at most {AIM_RATIO}), peak {peak:.2f} GiB (aim: below {AIM_GIB})")
    if REALISTIC.is_dir():
        found = child("round")
        print(
            f"a realistic round: {found['seconds']:.2f} s ({found['processor']:.2f} s of processor; "
            f"first time {found['first']:.2f} s)"
        )


if __name__ == "__main__":
    main()
