"""Rows, keys and hashes as docs/log.md has them, with nothing of the writer's."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from verify.fields import FIELDS, NESTED

AT = "2026-11-22T01:15:00.000000+00:00"
AT_SQLITE = "2026-11-22 01:15:00.000000"
COVER = pa.struct(
    [(name, pa.string() if name.endswith(("_id", "kind")) else pa.int64()) for name in NESTED["covers"]]
)
REASON = pa.struct(
    [("code", pa.string()), ("family", pa.string()), ("points", pa.int32()), ("cents", pa.int64())]
)
GROUND = pa.struct(
    [
        ("step", pa.string()),
        ("row", pa.string()),
        ("kind", pa.string()),
        ("class_share_bp", pa.int32()),
        ("cents", pa.int64()),
    ]
)


class Signer:
    """A key and what it signs."""

    def __init__(self, name: str, seed: bytes) -> None:
        self.name = name
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        public = b"\1" + self._private.public_key().public_bytes_raw()
        self._id = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
        self.key = f"{name}+{self._id.hex()}+{base64.b64encode(public).decode()}"

    def line(self, text: str) -> str:
        signature = self._private.sign(text.encode("utf-8", "surrogatepass"))
        return f"— {self.name} {base64.b64encode(self._id + signature).decode()}\n"

    def note(self, size: int, root: bytes) -> str:
        text = f"{self.name}\n{size}\n{base64.b64encode(root).decode()}\n"
        return f"{text}\n{self.line(text)}"


FIRST = Signer("linewatch.example/log", b"1" * 32)
SECOND = Signer("linewatch.example/log", b"2" * 32)


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\0" + data).digest()


def salt_of(what: str) -> bytes:
    return hashlib.sha256(b"salt " + what.encode()).digest()[:16]


def plain(value: Any) -> Any:
    """As in the canonical form: docs/adr, what the root is."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return [plain(each) for each in value.values()]
    return [plain(each) for each in value] if isinstance(value, list) else value


def canonical(row: dict[str, Any], fields: Sequence[str]) -> bytes:
    text = json.dumps([1, *(plain(row[name]) for name in fields)], ensure_ascii=False, separators=(",", ":"))
    text = re.sub(r"\\(?:u00([0-9a-f]{2})|.)", lambda m: f"\\u00{m[1].upper()}" if m[1] else m[0], text)
    return f"{len(text.encode())}:{text}\n".encode()


def kind_of(name: str) -> pa.DataType:
    if name in NESTED:
        return pa.list_({"reasons": REASON, "grounds": GROUND}.get(name, COVER))
    if name in ("law_records", "binding_steps", "triggers", "rules", "reasons_truncated"):
        return pa.list_(pa.string())
    if name in (
        "due",
        "quarantined",
        "drawdown_blocked",
        "own_block",
        "person_block",
        "plan_open",
        "blocked",
    ):
        return pa.bool_()
    if name.endswith("_on") or name in ("as_of", "offer_until"):
        return pa.date32()
    if name.endswith(("_cents", "_value", "_e8")):
        return pa.int64()
    if name.endswith("_bp") or name in ("score", "days_past_due", "test_digit"):
        return pa.int32()
    return pa.string()


def decision(number: int, **more: Any) -> dict[str, Any]:
    row = dict.fromkeys(FIELDS) | {
        "facility_id": f"F{number:04d}",
        "borrower_id": f"B{number}",
        "group_id": ["集团", "Cafe\u0301", 'a"\\/\n\x01\x1f\x7f', None][number % 4],
        "currency": "CNY",
        "score": 50_000 + number,
        "due": number % 3 == 0,
        "next_due_on": date(2026, 12, 1 + number % 28),
        "limit_cents": 1_000_000,
        "drawn_cents": -number,
        "triggers": [[], ["large"], ["a", "b"], None][number % 4],
        "reasons": [[], [{"code": "use", "family": "usage", "points": 5, "cents": None}], None][number % 3],
        "covers": [dict.fromkeys(NESTED["covers"]) | {"kind": "insurer", "covered_cents": 7}] * (number % 3),
        "grounds": [dict.fromkeys(NESTED["grounds"]) | {"step": "gate", "cents": 7}] * (number % 2),
        "action": "hold",
        "committed_limit_cents": 900_000 if number % 2 else 1_000_000,
    }
    return row | more


def change(of: dict[str, Any], name: str = "night") -> dict[str, Any]:
    return {
        "change_id": hashlib.sha256(f"{name}{of['facility_id']}".encode()).hexdigest()[:32],
        "batch": "whatever",
        "facility_id": of["facility_id"],
        "as_of": date(2026, 11, 21),
        "effective_on": date(2026, 11, 22),
        "old_limit_cents": of["limit_cents"],
        "new_limit_cents": of["committed_limit_cents"],
        "old_rate_bp": 1800,
        "new_rate_bp": 1700,
        "blocked": False,
    }
