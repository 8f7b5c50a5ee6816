"""What was approved is signed: a stranger can check it without this program; any changed byte is refused."""

from __future__ import annotations

import base64
import json
import random
import shutil
import stat
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from programme.problems import ProblemsError
from warehouse.signing.attestation import attestation_path, attestation_problems, sign_approval
from warehouse.signing.keys import make_key, public_path, read_key, read_public_key
from warehouse.snapshots import read_package, write_snapshot
from warehouse.snapshots.approved import Approved, approved_path, write_approved
from warehouse.snapshots.descriptor import VersionMetadata
from warehouse.storage import Storage

Tables = dict[str, pl.DataFrame]
ROUND = "2026-01"
MOMENT = datetime(2026, 1, 12, 9, 30, tzinfo=UTC)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "keys" / "office.pem"
    make_key(path)
    return path


@pytest.fixture
def approved(
    storage: Storage, tables: Tables, metadata: Callable[..., VersionMetadata], key: Path
) -> Approved:
    """A version that was published, approved and signed, with a public edition."""
    write_snapshot(storage, ROUND, tables, metadata(source="c" * 64, lock="d" * 64))
    package = read_package(storage, ROUND, 1)
    approved = Approved(ROUND, 1, package["seal"], package["content"], MOMENT, 2)
    storage.write(f"public/round={ROUND}/version=0001/twinnings.csv", b"a,b\n1,2\n")
    sign_approval(storage, approved, read_key(key))
    write_approved(storage, approved)
    return approved


def problems(storage: Storage, key: Path) -> list[str]:
    return attestation_problems(storage, ROUND, 1, read_public_key(public_path(key)))


def envelope(storage: Storage) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(storage.read(attestation_path(ROUND, 1)))
    return told


def test_a_signed_approval_holds(storage: Storage, approved: Approved, key: Path) -> None:
    assert problems(storage, key) == []


def test_it_states_files_inputs_rules_program_and_approval(storage: Storage, approved: Approved) -> None:
    statement = json.loads(base64.b64decode(envelope(storage)["payload"]))
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    names = {item["name"] for item in statement["subject"]}
    assert names == {
        item.path
        for item in storage.list()
        if item.path.startswith(("public/", "snapshots/round=2026-01/version"))
    }
    told = statement["predicate"]
    assert told["inputs"] == {"gcom": "a" * 64}
    assert told["rules"] == "b" * 64
    assert told["program"] == {"version": "0.1.0", "source": "c" * 64, "lock": "d" * 64}
    assert told["approval"] == {"approvedAt": "2026-01-12T09:30:00.000000+00:00", "approvals": 2}


def pre_authentication_encoding(told: dict[str, Any]) -> bytes:
    """What DSSE says is signed, written here once more from its specification."""
    kind, payload = told["payloadType"].encode(), base64.b64decode(told["payload"])
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def test_a_foreign_verifier_agrees(storage: Storage, approved: Approved, key: Path) -> None:
    """With the public key, the specification of DSSE and a library of cryptography alone."""
    told = envelope(storage)
    public: Any = load_pem_public_key(public_path(key).read_bytes())
    (signature,) = told["signatures"]
    public.verify(base64.b64decode(signature["sig"]), pre_authentication_encoding(told))
    told["payload"] = base64.b64encode(
        base64.b64decode(told["payload"]).replace(b'"approvals":2', b'"approvals":1')
    )
    with pytest.raises(InvalidSignature):
        public.verify(base64.b64decode(signature["sig"]), pre_authentication_encoding(told))


def test_openssl_agrees(storage: Storage, approved: Approved, key: Path, tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    told = envelope(storage)
    (tmp_path / "signed").write_bytes(pre_authentication_encoding(told))
    (tmp_path / "signature").write_bytes(base64.b64decode(told["signatures"][0]["sig"]))
    command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", str(public_path(key))]
    files = ["-in", str(tmp_path / "signed"), "-sigfile", str(tmp_path / "signature")]
    done = subprocess.run([*command, *files], capture_output=True, text=True, check=False)
    assert "Signature Verified Successfully" in done.stdout, done.stderr


def test_signing_the_same_again_changes_nothing(storage: Storage, approved: Approved, key: Path) -> None:
    before = storage.read(attestation_path(ROUND, 1))
    sign_approval(storage, approved, read_key(key))
    assert storage.read(attestation_path(ROUND, 1)) == before


def covered(storage: Storage) -> list[str]:
    """Every file of which a changed byte must be refused."""
    own = (attestation_path(ROUND, 1), approved_path(ROUND))
    folders = (f"snapshots/round={ROUND}/version=", "public/")
    return [item.path for item in storage.list() if item.path.startswith(folders) or item.path in own]


def test_any_changed_byte_is_refused(storage: Storage, approved: Approved, key: Path) -> None:
    chance = random.Random(15)  # noqa: S311  (places to change)
    for path in covered(storage):
        before = storage.read(path)
        places = {0, len(before) - 1, *(chance.randrange(len(before)) for _ in range(6))}
        for place in sorted(places):
            changed = bytearray(before)
            changed[place] ^= 1 << chance.randrange(8)
            storage.write(path, bytes(changed))
            assert problems(storage, key), f"byte {place} of {path}"
        storage.write(path, before)
    assert problems(storage, key) == []


@pytest.mark.long
def test_of_a_thousand_changed_bytes_each_is_refused(storage: Storage, approved: Approved, key: Path) -> None:
    chance, paths = random.Random(1000), covered(storage)  # noqa: S311  (places to change)
    for _ in range(1000):
        path = chance.choice(paths)
        before = storage.read(path)
        changed = bytearray(before)
        changed[chance.randrange(len(before))] ^= chance.randrange(1, 256)
        storage.write(path, bytes(changed))
        assert problems(storage, key), path
        storage.write(path, before)


def lose(storage: Storage, path: str) -> None:
    storage.delete(path)


def add(storage: Storage, path: str) -> None:
    storage.write(path, b"one more")


TAMPERING = [
    pytest.param(
        lose, "snapshots/round=2026-01/version=0001/twinnings.parquet", "is missing", id="a table lost"
    ),
    pytest.param(lose, "public/round=2026-01/version=0001/twinnings.csv", "is missing", id="an edition lost"),
    pytest.param(
        add, "snapshots/round=2026-01/version=0001/x", "was not there when it was signed", id="a file more"
    ),
    pytest.param(add, "public/round=2026-01/version=0001/x.csv", "was not there", id="an edition more"),
    pytest.param(lose, "snapshots/round=2026-01/approved.json", "is not approved any more", id="revoked"),
    pytest.param(lose, attestation_path(ROUND, 1), "there is none", id="no statement"),
    pytest.param(add, attestation_path(ROUND, 1), "no signed statement", id="something else"),
]


@pytest.mark.parametrize(("act", "path", "told"), TAMPERING)
def test_what_is_not_as_it_was_signed_is_told(
    storage: Storage, approved: Approved, key: Path, act: Callable[..., None], path: str, told: str
) -> None:
    act(storage, path)
    assert any(told in found for found in problems(storage, key)), problems(storage, key)


def test_another_key_did_not_sign_it(storage: Storage, approved: Approved, tmp_path: Path) -> None:
    make_key(tmp_path / "other.pem")
    (found,) = problems(storage, tmp_path / "other.pem")
    assert "did not sign this" in found


def test_another_approval_is_not_the_one_that_was_signed(
    storage: Storage, approved: Approved, key: Path
) -> None:
    write_approved(storage, Approved(ROUND, 1, approved.seal, approved.content, MOMENT, 1))
    (found,) = problems(storage, key)
    assert "it states another approval" in found


class TestKeys:
    """The office's key: made once, its owner's alone, and refused where it is not."""

    def test_a_key_is_for_its_owner_alone(self, key: Path) -> None:
        modes = [stat.S_IMODE(path.stat().st_mode) for path in (key, key.parent, public_path(key))]
        assert modes == [0o600, 0o700, 0o644]
        assert read_key(key).public_key.keyid == read_public_key(public_path(key)).keyid

    def test_a_key_is_never_replaced(self, key: Path) -> None:
        before = key.read_bytes()
        with pytest.raises(ProblemsError, match="expected no key yet"):
            make_key(key)
        assert key.read_bytes() == before

    @pytest.mark.parametrize(
        ("content", "told"),
        [(b"", "something else"), (b"-----BEGIN", "something else"), (None, "No such file")],
        ids=["empty", "no key", "absent"],
    )
    def test_what_is_no_key_is_told(self, tmp_path: Path, content: bytes | None, told: str) -> None:
        path = tmp_path / "key.pem"
        if content is not None:
            path.write_bytes(content)
        for read in (read_key, read_public_key):
            with pytest.raises(ProblemsError, match=told):
                read(path)

    def test_a_key_that_others_may_read_is_refused(self, key: Path) -> None:
        key.chmod(0o640)
        with pytest.raises(ProblemsError, match=r"others may read \(mode 0640\)"):
            read_key(key)

    def test_a_key_of_another_kind_is_refused(self, tmp_path: Path) -> None:
        from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
        from cryptography.hazmat.primitives.serialization import (
            Encoding,
            NoEncryption,
            PrivateFormat,
            PublicFormat,
        )

        private = generate_private_key(SECP256R1())
        (tmp_path / "ec").write_bytes(
            private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (tmp_path / "ec.pub").write_bytes(public)
        with pytest.raises(ProblemsError, match="a key of another kind"):
            read_key(tmp_path / "ec")
        with pytest.raises(ProblemsError, match="a key of another kind"):
            read_public_key(tmp_path / "ec.pub")

    def test_the_private_half_is_not_taken_for_the_public_one(self, key: Path) -> None:
        with pytest.raises(ProblemsError, match="something else than a public key"):
            read_public_key(key)
