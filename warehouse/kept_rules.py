"""The files of the rules that a version was made by, kept so that it can be made again by the same.

Belongs here: keeping the texts of the files under the fingerprint of their values, and proving on reading
that they are still the same. Must stay out: what the rules are (`programme`), and which files there are.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

from programme.problems import ProblemsError, problem
from warehouse.storage import Storage

FOLDER = "restricted/rules"
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


def keep_rules(storage: Storage, fingerprint: str, files: Mapping[str, str]) -> None:
    """Keep the files (path below the rules' folder to text); damaged ones that are there are replaced."""
    if read_rules_files(storage, fingerprint) is None:
        storage.write(_path(fingerprint), _encoded(files), private=True)


def read_rules_files(storage: Storage, fingerprint: str) -> dict[str, str] | None:
    """The files of the rules with that fingerprint; None where they are not kept, or not as they were."""
    try:
        data = storage.read(_path(fingerprint))
        told = json.loads(data)
        files = {str(name): str(text) for name, text in told["files"].items()}
    except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return files if _encoded(files) == data else None


def rules_are_there(storage: Storage, fingerprint: str) -> bool:
    """Whether there is a file for the rules with that fingerprint, whole or damaged."""
    return storage.exists(_path(fingerprint))


def rules_address(storage: Storage, fingerprint: str) -> str:
    """Where the rules with that fingerprint are kept, for a person to find."""
    return f"{storage.address}/{_path(fingerprint)}"


def lost_rules(storage: Storage, fingerprint: str) -> ProblemsError:
    """The error for rules that are needed and not kept whole."""
    return problem(
        found="no such file, or one that was changed",
        expected=f"the rules as they were when the version was made (fingerprint {fingerprint[:12]}...)",
        where=rules_address(storage, fingerprint),
        remedy="Restore it from a backup. Versions of older programs kept no rules.",
    )


def _path(fingerprint: str) -> str:
    if not _FINGERPRINT.fullmatch(fingerprint):
        raise ValueError(f"not a fingerprint: {fingerprint!r}")
    return f"{FOLDER}/{fingerprint}.json"


def _encoded(files: Mapping[str, str]) -> bytes:
    """The files in one spelling, with a digest, so that any other byte is a change."""
    body = json.dumps(dict(files), sort_keys=True, ensure_ascii=False)
    told = {"files": dict(files), "sha256": hashlib.sha256(body.encode()).hexdigest()}
    return (json.dumps(told, sort_keys=True, ensure_ascii=False, indent=1) + "\n").encode()
