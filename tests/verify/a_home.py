"""A small valid home, written from docs/log.md with nothing of the writer's.

Two entries older than the log and their batch, a night with a case, a held night that was let through, a
reversal, a second key, and three checkpoints.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.verify.by_the_page import (
    AT,
    AT_SQLITE,
    FIRST,
    SECOND,
    Signer,
    canonical,
    change,
    compact,
    decision,
    kind_of,
    leaf_hash,
    salt_of,
)
from tests.verify.plain_tree import consistency_path, inclusion_path, plain_root
from verify.fields import CHANGE_FIELDS, FIELDS

SCHEMA = """
create table batch (seq integer primary key, batch text, kind text, as_of text, state text, root text,
    source text, source_identity text, documents_identity text, documents text, snapshot text, folder text,
    files text, counts text, held_because text, version text, recorded_at text);
create table document (sha256 text, kind text, id text, version text, effective_from text, text text,
    recorded_at text, primary key (sha256, kind));
create table review_case (case_id text primary key, batch_seq integer, facility_id text, borrower_id text,
    opened_on text, due_on text, content text);
create table review_event (seq integer primary key, case_id text, batch_seq integer, kind text, "by" text,
    because text, content text, recorded_at text, salt text, leaf text, entry integer);
create table promise (promise_id text primary key, batch_seq integer, facility_id text, borrower_id text,
    amount_cents integer, due_on text, content text);
create table publication (seq integer primary key, batch_seq integer, destination text, event text,
    changes integer, content text, recorded_at text);
create table approval (seq integer primary key, batch_seq integer, action text, "by" text,
    registered integer, because text, recorded_at text);
create table reversal (seq integer primary key, batch_seq integer, condition text, "by" text,
    registered integer, because text, second text, root text, content text, recorded_at text);
create table log_entry (seq integer primary key, batch_seq integer, kind text, content text, salt text,
    leaf text, recorded_at text);
create table checkpoint (seq integer primary key, size integer, root text, note text, recorded_at text);
create table successor (seq integer primary key, batch_seq integer, name text, old_sha256 text, path text,
    sha256 text, bytes integer, rows integer, entry integer);
"""


class Home:
    """Grows a home entry by entry."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True)
        self.db = sqlite3.connect(path / "ledger.db")
        self.db.row_factory = sqlite3.Row
        self.db.executescript(SCHEMA)
        self.leaves: list[bytes] = []
        self.contents: list[str] = []
        self.salts: list[bytes] = []
        self.trees: dict[str, dict[str, list[Any]]] = {}
        self.signer = FIRST

    # The ledger

    def add(self, table: str, **row: Any) -> dict[str, Any]:
        """Add a row; gives it as an entry tells of it."""
        names = ", ".join(f'"{name}"' for name in row)
        values = [AT_SQLITE if name == "recorded_at" else value for name, value in row.items()]
        marks = ", ".join("?" * len(row))
        self.db.execute(f"insert into {table} ({names}) values ({marks})", values)
        return row

    def entry(
        self, kind: str, batch_seq: int | None = None, *, old: bool = False, salted: bool = True, **more: Any
    ) -> int:
        index = len(self.leaves)
        content = compact(
            {"v": 1, "index": index, "kind": kind, "batch_seq": batch_seq, "recorded_at": AT} | more
            if not old
            else more
        )
        salt = salt_of(f"entry {index}") if salted and not old else b""
        self.salts.append(salt)
        self.contents.append(content)
        self.leaves.append(leaf_hash(salt + content.encode()))
        self.add(
            "log_entry", seq=index + 1, batch_seq=batch_seq, kind=kind, content=content, salt=salt.hex(),
            leaf=self.leaves[-1].hex(), recorded_at=AT,
        )  # fmt: skip
        return index + 1

    def event(self, seq: int, entry: int, case: Sequence[Any] | None = None, **row: Any) -> bytes:
        """Add an event with its leaf."""
        old = row.pop("old", False)
        salt = b"" if old else salt_of(f"event {seq}")
        told = [
            1,
            *(row[name] for name in ("case_id", "batch_seq", "kind", "by", "because", "content")),
            AT,
            case,
        ]
        leaf = leaf_hash(salt + compact(told).encode())
        self.add(
            "review_event", seq=seq, **row, recorded_at=AT, salt=salt.hex(), leaf=leaf.hex(), entry=entry
        )
        return leaf

    def case(self, case_id: str, batch_seq: int) -> list[Any]:
        row = {
            "facility_id": "F0001",
            "borrower_id": "B1",
            "opened_on": "2026-11-21",
            "due_on": None,
            "content": "{}",
        }
        self.add("review_case", case_id=case_id, batch_seq=batch_seq, **row)
        return list(row.values())

    def key(self, signer: Signer) -> int:
        self.signer = signer
        return self.entry("log.key", origin=signer.name, key=signer.key)

    def checkpoint(self) -> str:
        root = plain_root(self.leaves)
        note = self.signer.note(len(self.leaves), root)
        self.add("checkpoint", size=len(self.leaves), root=root.hex(), note=note, recorded_at=AT)
        (self.path / "checkpoint").write_text(note, encoding="utf-8")
        self.db.commit()
        return note

    # The files

    def file(self, folder: str, name: str, content: bytes, rows: int, suffix: str) -> dict[str, Any]:
        sha256 = hashlib.sha256(content).hexdigest()
        path = f"{folder}/{name}-{sha256[:16]}.{suffix}"
        (self.path / folder).mkdir(parents=True, exist_ok=True)
        (self.path / path).write_bytes(content)
        return {"path": path, "sha256": sha256, "bytes": len(content), "rows": rows}

    def parquet(
        self, folder: str, name: str, rows: list[dict[str, Any]], fields: Sequence[str]
    ) -> dict[str, Any]:
        table = pa.table({field: pa.array([row[field] for row in rows], kind_of(field)) for field in fields})
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, use_dictionary=False)
        return self.file(folder, name, sink.getvalue().to_pybytes(), len(rows), "parquet")

    def batch(
        self,
        seq: int,
        kind: str,
        decisions: list[dict[str, Any]],
        changes: list[dict[str, Any]],
        *,
        state: str = "committed",
        tree: bool = True,
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Write a batch's files and its row; gives the row and the tree as an entry tells of them."""
        of_decisions = [canonical(row, FIELDS) for row in decisions]
        of_changes = [canonical(row, CHANGE_FIELDS) for row in changes]
        root = hashlib.sha256(b"".join(of_decisions if kind == "night" else of_changes)).hexdigest()
        name = f"2026-11-2{seq}-{kind}-{root[:12]}"
        folder = f"batches/{name}"
        files = {"changes": self.parquet(folder, "changes", changes, (*CHANGE_FIELDS, "batch"))}
        if decisions:
            files["decisions"] = self.parquet(folder, "decisions", decisions, FIELDS)
        rows = of_decisions + of_changes
        salts = [salt_of(f"{name} {at}") for at in range(len(rows))]
        leaves = [leaf_hash(salt + row) for salt, row in zip(salts, rows, strict=True)]
        if tree:
            files["leaves"] = self.file(folder, "leaves", b"".join(leaves), len(leaves), "bin")
            files["salts"] = self.file(folder, "salts", b"".join(salts), len(salts), "bin")
        snapshot = self.snapshot(seq)
        if tree:
            files["manifest"] = self.manifest(snapshot)
        row = self.add(
            "batch", seq=seq, batch=name, kind=kind, as_of=f"2026-11-2{seq}", state=state, root=root,
            source="folder", source_identity="i", documents_identity="d", documents="{}",
            snapshot=snapshot, folder=folder,
            files=compact(files), counts="{}", held_because="", version="0.1", recorded_at=AT,
        )  # fmt: skip
        self.trees[name] = {"rows": rows, "salts": salts, "leaves": leaves}
        told = {"decisions": len(of_decisions), "changes": len(of_changes), "root": plain_root(leaves).hex()}
        return row, told

    def snapshot(self, number: int) -> str:
        name = f"snapshots/2026-11-2{number}-abc"
        (self.path / name).mkdir(parents=True)
        part = f"part of night {number}".encode()
        (self.path / name / "facility.parquet").write_bytes(part)
        told = {"name": "facility.parquet", "bytes": len(part), "sha256": hashlib.sha256(part).hexdigest()}
        manifest = {"format": 2, "tables": {"facility": {"parts": [told]}}}
        (self.path / name / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        return name

    def manifest(self, snapshot: str) -> dict[str, Any]:
        content = (self.path / snapshot / "manifest.json").read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        return {"path": f"{snapshot}/manifest.json", "sha256": sha256, "bytes": len(content), "rows": 0}

    # What is handed out

    def proof(self, name: str, change_at: int, entry: int, *, moved: int = 0, decision_at: int = -1) -> str:
        tree = self.trees[name]
        parts = [("changes", change_at)] + ([("decisions", decision_at)] if decision_at >= 0 else [])
        leaves = [
            {
                "of": of,
                "row": tree["rows"][at].decode().partition(":")[2].removesuffix("\n"),
                "salt": tree["salts"][at].hex(),
                "index": at,
                "path": [each.hex() for each in inclusion_path(tree["leaves"], at)],
            }
            for of, at in parts
        ]
        made = {"format": "linewatch-proof/1", "batch": name, "leaves": leaves, "entry": self.proven(entry)}
        made |= {"moved": self.proven(moved)} if moved else {}
        made["checkpoint"] = self.signer.note(len(self.leaves), plain_root(self.leaves))
        return json.dumps(made, ensure_ascii=False, indent=2) + "\n"

    def proven(self, seq: int) -> dict[str, Any]:
        path = [each.hex() for each in inclusion_path(self.leaves, seq - 1)]
        return {
            "content": self.contents[seq - 1],
            "salt": self.salts[seq - 1].hex(),
            "index": seq - 1,
            "path": path,
        }

    def consistency(self, old: int) -> str:
        made = {
            "format": "linewatch-consistency/1",
            "old": FIRST.note(old, plain_root(self.leaves[:old])),
            "new": self.signer.note(len(self.leaves), plain_root(self.leaves)),
            "path": [each.hex() for each in consistency_path(self.leaves, old)],
        }
        return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def events_of(leaves: list[bytes]) -> dict[str, Any]:
    return {"size": len(leaves), "root": plain_root(leaves).hex()}


def small_home(path: Path, lines: int = 7) -> Home:
    """The home that this module is about; closed, but for its connection."""
    home = Home(path)
    decisions = [decision(number) for number in range(lines)]
    changes = [change(each) for each in decisions if each["committed_limit_cents"] != each["limit_cents"]]
    _older(home, decisions, changes)
    home.key(FIRST)
    _night(home, decisions, changes)
    home.checkpoint()
    _held(home, decisions, changes)
    home.key(SECOND)
    home.checkpoint()
    back = [dict(each, new_limit_cents=each["old_limit_cents"]) for each in changes]
    row, tree = home.batch(4, "reversal", [], back)
    asked = home.add(
        "reversal", seq=1, batch_seq=4, condition="", by="ann", registered=1, because="wrong", second="bob",
        root="r", content="{}", recorded_at=AT,
    )  # fmt: skip
    home.entry("reversal", 4, rows={"batch": [row], "reversal": [asked]}, tree=tree)
    home.checkpoint()
    return home


def _older(home: Home, decisions: list[dict[str, Any]], changes: list[dict[str, Any]]) -> None:
    row, _ = home.batch(1, "night", decisions, changes, tree=False)
    case = home.case("C0", 1)
    event = {"case_id": "C0", "batch_seq": 1, "kind": "opened", "by": "", "because": "", "content": "{}"}
    home.entry("night", 1, old=True, was="whatever")
    home.entry("publish", 1, old=True, was="that too")
    rows = home.db.execute("select seq, kind, batch_seq from log_entry").fetchall()
    old = [{**dict(each), "recorded_at": AT} for each in rows]
    leaf = home.event(1, 3, case, old=True, **event)
    home.entry("log.begun", salted=False, rows={"batch": [row], "log_entry": old}, events=events_of([leaf]))


def _night(home: Home, decisions: list[dict[str, Any]], changes: list[dict[str, Any]]) -> None:
    row, tree = home.batch(2, "night", decisions, changes)
    text = "id = 'house'"
    document = home.add(
        "document", sha256=hashlib.sha256(text.encode()).hexdigest(), kind="policy", id="house", version="1",
        effective_from="2026-01-01", text=text, recorded_at=AT,
    )  # fmt: skip
    told = {name: value for name, value in document.items() if name != "text"}
    due = home.add(
        "publication", seq=1, batch_seq=2, destination="pg", event="due", changes=len(changes), content="{}",
        recorded_at=AT,
    )  # fmt: skip
    event = {"case_id": "C1", "batch_seq": 2, "kind": "opened", "by": "", "because": "", "content": "{}"}
    leaves = [home.event(2, 5, home.case("C1", 2), **event)]
    leaves.append(home.event(3, 5, **event | {"kind": "joined"}))
    rows = {"batch": [row], "document": [told], "publication": [due]}
    home.entry("night", 2, rows=rows, tree=tree, events=events_of(leaves))


def _held(home: Home, decisions: list[dict[str, Any]], changes: list[dict[str, Any]]) -> None:
    row, tree = home.batch(3, "night", decisions[:4], changes[:2], state="held")
    home.entry("held", 3, rows={"batch": [row]}, tree=tree)
    approval = home.add(
        "approval",
        seq=1,
        batch_seq=3,
        action="approve",
        by="ann",
        registered=1,
        because="fine",
        recorded_at=AT,
    )
    home.db.execute("update batch set state = 'committed' where seq = 3")
    home.entry("approve", 3, rows={"approval": [approval]}, state={"batch": 3, "to": "committed"})
