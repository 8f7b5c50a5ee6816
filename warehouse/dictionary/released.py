"""The forms in which released programs published: their tables, and the columns of each as a digest.

Belongs here: forms that the dictionary of today cannot describe any more. Must stay out: what lacks only
later tables or columns (`published.py`). A form never changes: versions that have it are immutable.
"""

from __future__ import annotations

RELEASED: dict[str, dict[str, str]] = {
    "0.1.0": {
        "applications": "77b7d14542c97ea1",
        "crosscheck": "d2299400e657d5fb",
        "eligibility_checks": "e5c459aba3843707",
        "eligibility": "af64ae5db7b124d4",
        "scores": "f33a906eb911aa69",
        "ranking": "c128a325a9f69c5b",
        "twinnings": "29d434ddfd1859e5",
        "twinning_members": "648ab39986fd4a29",
        "unplaced": "84f41a6139950808",
        "findings": "d4f8d268751fb644",
        "changes": "a196b3a03fead3cc",
    },
}
"""Release to its tables, each with the first 16 hex digits of the sha256 over its lines `name type`."""
