"""For whom an archive is encrypted: a recipient of age, whose key lies elsewhere.

Belongs here: the names of recipients and keys, and the two directions. Must stay out: archives. The format is
age's (https://age-encryption.org), so any program of that name opens an archive too.
"""

from __future__ import annotations

from pathlib import Path

from programme.problems import ProblemsError, problem

SUFFIX = ".age"


def check_recipient(recipient: str) -> None:
    """Raise `ProblemsError` where a text is no recipient of age."""
    import pyrage  # noqa: PLC0415

    try:
        pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as error:
        raise problem(
            found=f"{recipient[:12]!r}",
            expected="a public key of age: age1 and 58 more letters and digits",
            where="--recipient",
            remedy="Make a pair with age-keygen, and keep its secret half away from this machine.",
        ) from error


def encrypt(plain: Path, encrypted: Path, recipient: str) -> None:
    """Encrypt a file for a recipient."""
    import pyrage  # noqa: PLC0415

    pyrage.encrypt_file(str(plain), str(encrypted), [pyrage.x25519.Recipient.from_str(recipient)])


def decrypt(encrypted: Path, plain: Path, key: Path | None) -> None:
    """Decrypt a file with the key of a file; raises `ProblemsError` where it is not the right one."""
    import pyrage  # noqa: PLC0415

    if key is None or not key.is_file():
        raise _no_key(encrypted, "no key" if key is None else f"no file {key}")
    lines = (line.strip() for line in key.read_text("utf-8").splitlines())
    try:
        keys = [pyrage.x25519.Identity.from_str(line) for line in lines if line.startswith("AGE-SECRET-KEY-")]
        pyrage.decrypt_file(str(encrypted), str(plain), keys)
    except (pyrage.IdentityError, pyrage.DecryptError) as error:
        raise _no_key(encrypted, "a key that does not open it, or a damaged archive") from error


def _no_key(encrypted: Path, found: str) -> ProblemsError:
    return problem(
        found=found,
        expected="a file with the secret key of the recipient (AGE-SECRET-KEY-...)",
        where=str(encrypted),
        remedy="Name that file with --key.",
    )
