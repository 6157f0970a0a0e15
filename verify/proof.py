"""Proofs that a person holds in the hand: of a change of a line, and that one log continues another.

Neither home nor ledger is needed, only the text of the proof and the public key of whoever keeps the log.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from verify import told
from verify.fields import CHANGE_FIELDS, FIELDS, VERSION
from verify.note import Checkpoint, Key, read_checkpoint, read_key
from verify.strict import Malformed, in_hex, keys_are, parse, parse_object, whole
from verify.tree import extends, includes, leaf_hash

CHANGE_FORMAT, CONSISTENCY_FORMAT = "linewatch-proof/1", "linewatch-consistency/1"
BYTES_MOST = 10_000_000
PATH_MOST = 64
SALT = 16


@dataclass(frozen=True)
class Proven:
    """What a proof proves: sentences for a person, and the same as facts by name."""

    sentences: tuple[str, ...]
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Refused:
    """A proof that proves nothing, and why, in a sentence."""

    because: str


def check(text: str, keys: Sequence[str], *, against: Sequence[str] = ()) -> Proven | Refused:
    """Judge the text of a proof by public keys of the form name+id+base64; any text gets an answer.

    `against` are checkpoints that were kept elsewhere: one as large as the proof's has to be the same.
    """
    try:
        held = [read_key(key.strip()) for key in keys]
        if not held:
            raise Malformed("no key was given to check it by")
        proof = _read(text)
        if proof.get("format") == CHANGE_FORMAT:
            sentences, facts, shown = _change(proof, held)
        elif proof.get("format") == CONSISTENCY_FORMAT:
            sentences, facts, shown = _consistency(proof, held)
        else:
            raise Malformed("it is of no format that this checker knows")
        for note in against:
            sentences.append(_beside(shown, note, held))
    except Malformed as error:
        return Refused(f"The proof is refused: {error}.")
    return Proven(tuple(sentences), facts)


def _read(text: str) -> dict[str, Any]:
    """The proof as an object; refuses another spelling of the same, so that no byte of it is loose."""
    if len(text) > BYTES_MOST:
        raise Malformed("it is too long")
    proof = parse_object(text)
    second = text.split("\n", 2)[1] if "\n" in text else ""
    indent = len(second) - len(second.lstrip(" "))
    spellings = (
        json.dumps(proof, ensure_ascii=False, indent=min(indent, 8)),
        json.dumps(proof, ensure_ascii=False, separators=(",", ":")),
    )
    if text.removesuffix("\n") not in spellings:
        raise Malformed(
            "its blanks or line ends are not as they were written; use the file as it was handed out"
        )
    return proof


def _change(proof: dict[str, Any], keys: Sequence[Key]) -> tuple[list[str], dict[str, Any], list[Checkpoint]]:
    keys_are(proof, ("format", "batch", "leaves", "entry", "checkpoint"), "the proof", perhaps=("moved",))
    checkpoint, signer = _signed(proof["checkpoint"], keys)
    content = _entry(proof["entry"], checkpoint, "the entry")
    batch = _batch(content, proof["batch"])
    rows = _leaves(proof["leaves"], content)
    change = _named(rows["changes"], CHANGE_FIELDS, "the change")
    decision = _named(rows["decisions"], FIELDS, "the decision") if "decisions" in rows else None
    told.check_change(change)
    if decision is not None:
        told.check_decision(decision, change)
    moved = _moved(proof, checkpoint, batch) if "moved" in proof else None
    facts = {
        **change,
        "proves": "change",
        "batch": batch["batch"],
        "state": moved or batch["state"],
        "entry": content["index"] + 1,
        "entries": checkpoint.size,
        "key": str(signer),
    }
    return told.change_sentences(facts, decision), facts, [checkpoint]


def _consistency(
    proof: dict[str, Any], keys: Sequence[Key]
) -> tuple[list[str], dict[str, Any], list[Checkpoint]]:
    keys_are(proof, ("format", "old", "new", "path"), "the proof")
    (old, old_key), (new, new_key) = _signed(proof["old"], keys), _signed(proof["new"], keys)
    if not extends(old.root, old.size, new.root, new.size, _path(proof["path"])):
        raise Malformed(
            f"the log of {told.entries(new.size)} does not continue the log of {told.entries(old.size)}"
        )
    facts = {
        "proves": "consistency",
        "old_entries": old.size,
        "new_entries": new.size,
        "old_key": str(old_key),
        "new_key": str(new_key),
    }
    return told.consistency_sentences(facts), facts, [old, new]


def _signed(note: Any, keys: Sequence[Key]) -> tuple[Checkpoint, Key]:
    """A checkpoint, and which of the keys signed it."""
    if not isinstance(note, str):
        raise Malformed("its checkpoint is no text")
    checkpoint = read_checkpoint(note)
    signers = checkpoint.note.signers(key for key in keys if key.name == checkpoint.origin)
    if not signers:
        raise Malformed("its checkpoint is not signed by the key that was given")
    return checkpoint, signers[0]


def _entry(given: Any, checkpoint: Checkpoint, name: str) -> dict[str, Any]:
    """The content of an entry that the checkpoint covers."""
    entry = keys_are(given, ("content", "salt", "index", "path"), name)
    index = entry["index"]
    if not isinstance(entry["content"], str) or not whole(index):
        raise Malformed(f"{name} has no content or no index")
    leaf = leaf_hash(in_hex(entry["salt"], SALT, "salt") + entry["content"].encode())
    if not includes(checkpoint.root, checkpoint.size, leaf, index, _path(entry["path"])):
        raise Malformed(f"{name} is not in the log that the checkpoint tells of")
    content = parse_object(entry["content"])
    if content.get("v") != 1 or content.get("index") != index:
        raise Malformed(f"{name} is of another format, or of another place in the log")
    return content


def _batch(content: dict[str, Any], name: Any) -> dict[str, Any]:
    """The row of the batch that the entry told of."""
    rows = content.get("rows")
    told_of = rows.get("batch") if isinstance(rows, dict) else None
    if not isinstance(told_of, list) or len(told_of) != 1 or not isinstance(told_of[0], dict):
        raise Malformed("its entry does not tell of one batch")
    batch: dict[str, Any] = told_of[0]
    texts = ("batch", "kind", "as_of", "state")
    if not all(isinstance(batch.get(key), str) for key in texts) or not whole(batch.get("seq")):
        raise Malformed("its entry tells of a batch without saying which")
    if batch["batch"] != name or batch["seq"] != content.get("batch_seq"):
        raise Malformed("its entry tells of another batch")
    return batch


def _moved(proof: dict[str, Any], checkpoint: Checkpoint, batch: dict[str, Any]) -> str:
    """What became of a held batch, by the entry that tells of it."""
    state = _entry(proof["moved"], checkpoint, "the entry about what became of the batch").get("state")
    if not isinstance(state, dict) or state.get("batch") != batch["seq"] or batch["state"] != "held":
        raise Malformed("the entry about what became of the batch tells of another one")
    if state.get("to") not in ("committed", "discarded"):
        raise Malformed("the entry about what became of the batch does not say it")
    return str(state["to"])


def _leaves(given: Any, content: dict[str, Any]) -> dict[str, str]:
    """The rows of the change and of its decision, each proven against the tree of the batch."""
    tree = keys_are(content.get("tree"), ("decisions", "changes", "root"), "the tree in its entry")
    decisions, changes = tree["decisions"], tree["changes"]
    if not whole(decisions) or not whole(changes):
        raise Malformed("the tree in its entry has no sizes")
    root = in_hex(tree["root"], 32, "root")
    places = {"decisions": range(decisions), "changes": range(decisions, decisions + changes)}
    rows: dict[str, str] = {}
    if not isinstance(given, list):
        raise Malformed("its leaves are no list")
    for each in given:
        leaf = keys_are(each, ("of", "row", "salt", "index", "path"), "a leaf")
        kind, row = leaf["of"], leaf["row"]
        if kind not in ("changes", "decisions") or kind in rows or not isinstance(row, str):
            raise Malformed("its leaves are not one of a change and at most one of a decision")
        if not whole(leaf["index"]) or leaf["index"] not in places[kind]:
            raise Malformed(f"the index of its leaf of {kind} is none of the batch's {kind}")
        data = row.encode()
        hashed = leaf_hash(in_hex(leaf["salt"], SALT, "salt") + b"%d:%b\n" % (len(data), data))
        if not includes(root, decisions + changes, hashed, leaf["index"], _path(leaf["path"])):
            raise Malformed(f"its leaf of {kind} is not in the tree of the batch")
        rows[kind] = row
    if "changes" not in rows:
        raise Malformed("it has no leaf of a change")
    return rows


def _path(given: Any) -> list[bytes]:
    if not isinstance(given, list) or len(given) > PATH_MOST:
        raise Malformed("a path in it is no list of hashes")
    return [in_hex(each, 32, "path") for each in given]


def _named(row: str, fields: Sequence[str], what: str) -> dict[str, Any]:
    """The values of a canonical row by the names of its fields."""
    values = parse(row)
    if not isinstance(values, list) or values[:1] != [VERSION] or len(values) != len(fields) + 1:
        raise Malformed(f"{what} is a row of another version than this checker knows")
    return dict(zip(fields, values[1:], strict=True))


def _beside(shown: Sequence[Checkpoint], note: str, keys: Sequence[Key]) -> str:
    """What a checkpoint that was kept elsewhere says of the proof's; raises Malformed if it contradicts."""
    kept, _ = _signed(note, keys)
    for checkpoint in shown:
        if checkpoint.size == kept.size:
            if checkpoint.root != kept.root:
                raise Malformed(
                    f"the checkpoint kept elsewhere tells of another log of {told.entries(kept.size)}"
                )
            return f"The checkpoint kept elsewhere tells of the same log of {told.entries(kept.size)}."
    sizes = sorted({kept.size, shown[-1].size})
    return (
        f"The checkpoint kept elsewhere is of {told.entries(kept.size)} and cannot be compared with this"
        f" alone: ask for `linewatch log consistency {sizes[0]} {sizes[1]}`."
    )
