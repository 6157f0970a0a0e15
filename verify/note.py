"""Signed notes and checkpoints as C2SP signed-note and tlog-checkpoint have them, and the keys they need."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from verify.strict import Malformed

ED25519 = b"\1"
NOTE_BYTES_MOST = 1_000_000
SIGNATURES_MOST = 100


@dataclass(frozen=True)
class Key:
    """A public key: the name that its signatures bear, its id (4 bytes), and 32 bytes of Ed25519."""

    name: str
    id: bytes
    public: bytes

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}"

    def signed(self, text: bytes, signature: bytes) -> bool:
        """Whether a signature of 64 bytes is this key's over a text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Note:
    """A text, up to and with its last line feed, and its signatures: (name, key id, signature)."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]

    def signers(self, keys: Iterable[Key]) -> list[Key]:
        """Which of the keys signed; raises Malformed if a signature that claims to be one's is not."""
        found = []
        for key in keys:
            claimed = [made for name, key_id, made in self.signatures if (name, key_id) == (key.name, key.id)]
            if any(not key.signed(self.text.encode(), made) for made in claimed):
                raise Malformed(f"the signature of {key} on it is false")
            if claimed and key not in found:
                found.append(key)
        return found


@dataclass(frozen=True)
class Checkpoint:
    """How large a log was and what its root was, as its keeper signed it."""

    origin: str
    size: int
    root: bytes
    note: Note


def key_id(name: str, public: bytes) -> bytes:
    """The first four bytes of the hash that tells the keys of one name apart."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def read_key(text: str) -> Key:
    """A public key of the form name+id+base64; raises Malformed."""
    name, _, rest = text.partition("+")
    hexed, _, encoded = rest.partition("+")
    if not _is_name(name) or not re.fullmatch(r"[0-9a-f]{8}", hexed):
        raise Malformed("the key is not of the form name+id+base64")
    data = _base64(encoded, "the key")
    if len(data) != 33 or data[:1] != ED25519:
        raise Malformed("the key is no Ed25519 key")
    if key_id(name, data[1:]).hex() != hexed:
        raise Malformed("the key's id is not that of the key: it was not copied whole")
    return Key(name, bytes.fromhex(hexed), data[1:])


def read_note(text: str) -> Note:
    """A signed note; raises Malformed."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise Malformed("the note is no text in UTF-8") from None
    if size > NOTE_BYTES_MOST:
        raise Malformed("the note is too long")
    if re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text):
        raise Malformed("the note has a character that no note may have")
    body, gap, signed = text.rpartition("\n\n")
    if not gap or not signed.endswith("\n"):
        raise Malformed("the note has no signature, or is cut off")
    lines = signed[:-1].split("\n")
    if len(lines) > SIGNATURES_MOST:
        raise Malformed("the note has too many signatures")
    return Note(body + "\n", tuple(map(_signature, lines)))


def read_checkpoint(text: str) -> Checkpoint:
    """A checkpoint, which is a note of three lines: origin, size, root; raises Malformed."""
    note = read_note(text)
    lines = note.text.split("\n")
    if len(lines) != 4:
        raise Malformed("the checkpoint has not three lines before its signatures")
    origin, size, encoded, _ = lines
    if not _is_name(origin):
        raise Malformed("the checkpoint names no origin")
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", size):
        raise Malformed("the checkpoint's number of entries is no number")
    root = _base64(encoded, "the checkpoint's root")
    if len(root) != 32:
        raise Malformed("the checkpoint's root is no hash")
    return Checkpoint(origin, int(size), root, note)


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(letter.isspace() for letter in name)


def _signature(line: str) -> tuple[str, bytes, bytes]:
    found = re.fullmatch("— ([^ ]+) ([^ ]+)", line)
    if found is None or not _is_name(found[1]):
        raise Malformed("the note has a line among its signatures that is none")
    data = _base64(found[2], "a signature of the note")
    if len(data) < 5:
        raise Malformed("a signature of the note is too short")
    return found[1], data[:4], data[4:]


def _base64(text: str, what: str) -> bytes:
    """Bytes of base64 that has one spelling only: padded, and no bit set beyond its end."""
    try:
        data = base64.b64decode(text.encode(), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise Malformed(f"{what} is no base64") from None
    if base64.b64encode(data).decode() != text:
        raise Malformed(f"{what} is base64 that has another spelling")
    return data
