"""Signed notes, by the example of their reference implementation, and every way to spoil one."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.verify.by_the_page import Signer
from verify.note import key_id, read_checkpoint, read_key, read_note
from verify.strict import Malformed

# From the tests of golang.org/x/mod/sumdb/note.
KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNATURE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZIn"
    "NIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
NOTE = f"{TEXT}\n{SIGNATURE}"


def test_the_note_of_the_reference_implementation_is_signed_by_its_key() -> None:
    key, note = read_key(KEY), read_note(NOTE)
    assert (key.name, key.id.hex(), str(key)) == ("PeterNeumann", "c74f20a3", "PeterNeumann+c74f20a3")
    assert note.text == TEXT
    assert note.signers([key]) == [key]


def test_no_part_of_a_key_is_a_key_and_no_byte_of_it_is_loose() -> None:
    for start in range(len(KEY)):
        for end in range(start + 1, len(KEY) + 1):
            if end - start < len(KEY):
                with pytest.raises(Malformed):
                    read_key(KEY[start:end])
    for at in range(len(KEY)):
        with pytest.raises(Malformed):
            read_key(KEY[:at] + chr(ord(KEY[at]) + 1) + KEY[at + 1 :])


@pytest.mark.parametrize(
    "key",
    [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_a_key_of_another_length_kind_or_name_is_refused(key: str) -> None:
    with pytest.raises(Malformed):
        read_key(key)


def test_every_flipped_byte_of_a_note_is_seen() -> None:
    key, data = read_key(KEY), NOTE.encode()
    for at in range(len(data)):
        for mask in (0x01, 0x20, 0x80):
            spoilt = data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :]
            try:
                signers = read_note(spoilt.decode()).signers([key])
            except (Malformed, UnicodeDecodeError):
                continue
            assert signers == [], (at, mask)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        TEXT,
        f"{TEXT}\n",
        f"{TEXT}{SIGNATURE}",
        NOTE[:-1],
        f"{NOTE}\n",
        NOTE.replace("—", "-"),
        NOTE.replace("problem is.\n", "problem is.\r\n"),
        f"{TEXT}\n" + SIGNATURE * 101,
        f"{TEXT}\n— PeterNeumann AAAA\n",
        f"{TEXT}\n— PeterNeumann  AAAAAAAA\n",
        f"{TEXT}\ud800\n{SIGNATURE}",
        "x" * 1_000_001,
    ],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(Malformed):
        read_note(note)


def test_a_signature_of_somebody_else_beside_ours_is_let_stand() -> None:
    other = Signer("witness.example/w", b"w" * 32)
    note = read_note(NOTE + other.line(TEXT))
    assert [str(key) for key in note.signers([read_key(KEY)])] == ["PeterNeumann+c74f20a3"]
    assert len(note.signers([read_key(KEY), read_key(other.key)])) == 2


def test_a_false_signature_in_a_keys_name_is_refused_even_beside_a_true_one() -> None:
    false = base64.b64encode(read_key(KEY).id + b"x" * 64).decode()
    with pytest.raises(Malformed, match="false"):
        read_note(f"{NOTE}— PeterNeumann {false}\n").signers([read_key(KEY)])


def test_a_checkpoint_says_origin_size_and_root() -> None:
    signer = Signer("example.org/log", b"s" * 32)
    root = bytes(range(32))
    found = read_checkpoint(signer.note(57, root))
    assert (found.origin, found.size, found.root) == ("example.org/log", 57, root)
    assert found.note.signers([read_key(signer.key)])


@pytest.mark.parametrize(
    "text",
    [
        "o\n1\n",
        "o\n1\nAAAA\n",
        "o\n01\n" + base64.b64encode(bytes(32)).decode() + "\n",
        "o\n-1\n" + base64.b64encode(bytes(32)).decode() + "\n",
        "o\n" + "9" * 30 + "\n" + base64.b64encode(bytes(32)).decode() + "\n",
        "\n1\n" + base64.b64encode(bytes(32)).decode() + "\n",
        "o\n1\n" + base64.b64encode(bytes(32)).decode() + "\nmore\n",
    ],
)
def test_what_is_no_checkpoint_is_refused_though_it_is_signed(text: str) -> None:
    signer = Signer("o", b"s" * 32)
    with pytest.raises(Malformed):
        read_checkpoint(f"{text}\n{signer.line(text)}")


def test_the_id_of_a_key_depends_on_its_name() -> None:
    public = Ed25519PrivateKey.from_private_bytes(b"s" * 32).public_key().public_bytes_raw()
    assert key_id("a", public) != key_id("b", public)
