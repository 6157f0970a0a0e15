"""Signed heads of the log, in the forms of C2SP: signed-note, and tlog-checkpoint upon it (docs/log.md)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from linewatch.errors import DocumentRefused

ED25519 = b"\x01"
SEED = 32
"""Bytes of a private key."""


@dataclass(frozen=True)
class Key:
    """A key that signs, under the name of the log whose heads it signs."""

    origin: str
    seed: bytes

    @property
    def public(self) -> bytes:
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def number(self) -> bytes:
        """Four bytes by which a signature says whose it is."""
        return hashlib.sha256(self.origin.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    @property
    def verifier(self) -> str:
        """The public half as text: `name+number+key`."""
        return f"{self.origin}+{self.number.hex()}+{_base64(ED25519 + self.public)}"

    def signature(self, text: str) -> str:
        signed = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return f"\u2014 {self.origin} {_base64(self.number + signed)}\n"


def note(origin: str, size: int, root: bytes, keys: Iterable[Key]) -> str:
    """The head of a log of so many entries, signed by each key."""
    text = f"{origin}\n{size}\n{_base64(root)}\n"
    return f"{text}\n{''.join(key.signature(text) for key in keys)}"


def is_signed_by(note: str, verifier: str) -> bool:
    """Whether a checkpoint bears a line of this public key; what it signed is not checked."""
    name, number, _ = verifier.split("+", 2)
    _, _, signatures = note.partition("\n\n")
    for line in signatures.splitlines():
        _, signer, signed = line.split(" ")
        if signer == name and base64.b64decode(signed)[:4].hex() == number:
            return True
    return False


def origin_of(seed: bytes) -> str:
    """The name of a log to which nobody gave one: of its first key."""
    return f"linewatch/{hashlib.sha256(Key('', seed).public).hexdigest()[:12]}"


def seed_of(text: str, where: str) -> bytes:
    """A private key as it is kept: base64 of 32 bytes. Raises DocumentRefused, which never shows it."""
    try:
        seed = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        seed = b""
    if len(seed) != SEED:
        raise DocumentRefused(
            [f"{where}: is not a private key, which is base64 of {SEED} bytes"],
            what_now="A new one: head -c 32 /dev/urandom | base64. Nothing was changed.",
        )
    return seed


def seed_text(seed: bytes) -> str:
    return _base64(seed)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
