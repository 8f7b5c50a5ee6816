"""Whether a server of this machine answers: the health check of the containers.

It ends with 0 where the address answers with success, else with 1 and one line. It goes through no proxy.
"""

from __future__ import annotations

import sys
import urllib.request

WAIT_S = 5


def problem_of(address: str) -> str | None:
    """What is wrong with an address; None where it answers with success."""
    try:
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(address, timeout=WAIT_S):
            return None
    except (OSError, ValueError) as error:
        return f"{address} does not answer: {error}"


if __name__ == "__main__":
    sys.exit(problem_of(sys.argv[1]))
