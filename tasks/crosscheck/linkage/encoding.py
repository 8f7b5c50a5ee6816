"""An index of a register as bytes, so that it is made once for each version of the register and kept.

Belongs here: the form of the bytes, and the fingerprint of what they are made from. Must stay out: where they
lie (`flows/caches.py`).
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator

import polars as pl

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.encoding import gazetteer_key
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.linkage.index import RegisterIndex, conform_register
from tasks.crosscheck.names.fuzzy import NameTable

FORM = "11"
"""Counted up when the frames of an index change, so that bytes of an older program are not read."""


def index_key(register: pl.DataFrame, rules: LinkingRules) -> str:
    """Fingerprint of all an index is made from: the register, the rules, the gazetteer and the form."""
    digest = hashlib.sha256(f"{gazetteer_key()} form {FORM} {rules.model_dump_json()}".encode())
    buffer = io.BytesIO()
    conform_register(register).rechunk().write_ipc(buffer)
    digest.update(buffer.getbuffer())
    return digest.hexdigest()[:24]


def index_to_bytes(index: RegisterIndex) -> Iterator[bytes]:
    """All frames of the index but the gazetteer, as Arrow files."""
    return (_ipc(frame) for frame in (index.rows, index.keys, index.names.frame, index.divisions))


def index_from_bytes(parts: Iterable[bytes], gazetteer: Gazetteer) -> RegisterIndex:
    """The reverse of `index_to_bytes`; raises `ValueError` or an error of polars for other bytes."""
    rows, keys, names, divisions = (pl.read_ipc(io.BytesIO(part)) for part in parts)
    return RegisterIndex(
        rows=rows, keys=keys, names=NameTable(names), divisions=divisions, gazetteer=gazetteer
    )


def _ipc(frame: pl.DataFrame) -> bytes:
    # By the older level, which writes the texts of these rows alone. The newer one writes what the frame has
    # in memory, and that may be texts of rows that were filtered away.
    buffer = io.BytesIO()
    frame.rechunk().write_ipc(buffer, compression="lz4", compat_level=pl.CompatLevel.oldest())
    return buffer.getvalue()
