"""The mutation score by package, from what `mutmut results --all true` prints; part of `make mutation`.

A mutant is one small change of one function. It is noticed if a test fails or never ends. The score is the
part of the mutants tried that is noticed; docs/mutation.md says which of the rest are harmless.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable

LEAST = 85
"""Per cent of a package's mutants that the tests must notice."""
NOTICED = ("killed", "timeout", "caught by type check")
PACKAGES = ("tasks.decisions", "tasks.eligibility", "tasks.matchmaking.verify", "warehouse.snapshots.verify")


def scores(lines: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Package to the numbers of its mutants that were noticed and tried, from lines `NAME: STATUS`.

    A mutant that no test reaches counts as tried.
    """
    noticed, tried = Counter[str](), Counter[str]()
    for line in lines:
        name, _, status = line.strip().rpartition(": ")
        package = next((package for package in PACKAGES if name.startswith(package)), None)
        if package is not None and status != "not checked":
            tried[package] += 1
            noticed[package] += status in NOTICED
    return {package: (noticed[package], tried[package]) for package in tried}


def main() -> int:
    """Print the scores; 1 where one is too low or nothing was tried."""
    found = scores(sys.stdin)
    for package, (noticed, tried) in sorted(found.items()):
        sys.stdout.write(f"{package}: {noticed} of {tried} noticed, {100 * noticed / tried:.1f} %\n")
    enough = all(100 * noticed >= LEAST * tried for noticed, tried in found.values())
    return 0 if found and enough else 1


if __name__ == "__main__":
    sys.exit(main())
