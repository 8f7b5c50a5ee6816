"""The office's signing key: an Ed25519 key of which others get the public half.

Belongs here: making the key, reading it, and reading a public key that somebody was given. Must stay out:
where the key is kept by default (`flows/signing.py`), and what is signed (`statement.py`).
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from securesystemslib.signer import CryptoSigner, SSlibKey

from programme.problems import ProblemsError, problem

PUBLIC_END = ".pub"


def public_path(key: Path) -> Path:
    """Where the public half of a key lies, to be given to others."""
    return key.with_name(key.name + PUBLIC_END)


def make_key(path: Path) -> SSlibKey:
    """Make a new key at a path that holds none, and its public half beside it; returns the public half.

    Folder and key are for their owner alone (0700, 0600). Raises `ProblemsError` where there is a key
    already: whoever replaces it could not prove what it signed.
    """
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_new(path, pem, 0o600)
        public_path(path).unlink(missing_ok=True)
        _write_new(public_path(path), public, 0o644)
    except FileExistsError as error:
        raise problem(
            found="a key",
            expected="no key yet: what the old one signed must stay provable",
            where=str(path),
            remedy="Keep it. Where it was stolen, move both its files away first, and tell everybody who has "
            "the public half.",
        ) from error
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from error
    return SSlibKey.from_crypto(private.public_key())


def read_key(path: Path) -> CryptoSigner:
    """The signer with the key at that path.

    Raises `ProblemsError` where it is no Ed25519 key, cannot be read, or others may read it.
    """
    try:
        data, mode = path.read_bytes(), path.stat().st_mode
        private = load_pem_private_key(data, None)
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _unusable(path, "something else than a private key without a passphrase") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise _unusable(path, "a key of another kind")
    if mode & 0o077:
        raise _unusable(path, f"a key that others may read (mode {mode & 0o777:04o})")
    return CryptoSigner(private)


def read_public_key(path: Path) -> SSlibKey:
    """The public key at that path; raises `ProblemsError` where there is none, or one of another kind."""
    try:
        public = load_pem_public_key(path.read_bytes())
    except OSError as error:
        raise _unusable(path, error.strerror or str(error), "public") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _unusable(path, "something else than a public key", "public") from error
    if not isinstance(public, Ed25519PublicKey):
        raise _unusable(path, "a key of another kind", "public")
    return SSlibKey.from_crypto(public)


def _write_new(path: Path, data: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(handle)


def _unusable(path: Path, found: str, half: str = "private") -> ProblemsError:
    remedy = (
        "Make it its owner's alone (chmod 600), or make one: city2city keys new"
        if half == "private"
        else f"Name the file that ends in {PUBLIC_END}, as the office gave it to you."
    )
    return problem(
        found=found, expected=f"a {half} Ed25519 key as PEM", where=f"the key {path}", remedy=remedy
    )
