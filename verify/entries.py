"""The entries of the log: their hashes, their places, and what each tells of the record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from verify.note import Key, read_key
from verify.report import Findings
from verify.strict import Malformed, compact, in_hex, is_hex, keys_are, parse_object, same, whole
from verify.tables import Row, lacking
from verify.tree import Tree, leaf_hash

SALT = 16
BEGUN = "log.begun"
PRIMARY_KEYS = {
    "batch": ("seq",),
    "document": ("sha256", "kind"),
    "approval": ("seq",),
    "publication": ("seq",),
    "reversal": ("seq",),
    "promise": ("promise_id",),
    "successor": ("seq",),
}
"""The tables whose rows are told whole in the log, and what tells their rows apart."""
_COLUMNS = ("seq", "batch_seq", "kind", "content", "salt", "leaf", "recorded_at")
_OLD_COLUMNS = ("seq", "kind", "batch_seq", "recorded_at")

RowKey = tuple[Any, ...]


@dataclass
class Log:
    """What the entries tell, all together."""

    tree: Tree = field(default_factory=Tree)
    roots: dict[int, bytes] = field(default_factory=dict)  # by the sizes that were asked for
    rows: dict[str, dict[RowKey, dict[str, Any]]] = field(
        default_factory=lambda: {table: {} for table in PRIMARY_KEYS}
    )
    states: dict[int, str] = field(default_factory=dict)  # by batch: what it was moved to
    trees: dict[int, dict[str, Any]] = field(default_factory=dict)  # by batch
    treeless: set[int] = field(default_factory=set)  # batches older than the log
    events: dict[int, tuple[int, bytes]] = field(default_factory=dict)  # by entry: size and root
    erased_events: set[int] = field(default_factory=set)
    erased_leaves: dict[int, set[int]] = field(default_factory=dict)  # by batch
    keys: list[tuple[int, Key, str]] = field(default_factory=list)  # (entry, key, as it was written)
    older: bool = False  # no entry tells of anything: they are all older than the log
    begun: int = 0  # the entry that tells of what is older; 0: none is


def read_log(rows: Iterable[Row], sizes: Iterable[int], findings: Findings) -> Log:
    """Check every entry and gather what they tell; `sizes` are those of which the log's root is wanted."""
    log, wanted = Log(), set(sizes)
    old: list[dict[str, Any]] = []
    if 0 in wanted:
        log.roots[0] = log.tree.root()
    expected, telling = 1, 0
    for row in rows:
        if lacking(row, _COLUMNS):
            findings.fault(
                "log_entry", "the ledger is older than the log's format; a night brings it up to date"
            )
            return log
        where = f"log_entry {row['seq']}"
        _check_place(row["seq"], expected, findings)
        expected = row["seq"] + 1 if whole(row["seq"]) else expected + 1
        findings.counts["entries"] += 1
        log.tree.add(_leaf(row, where, findings))
        if log.tree.size in wanted:
            log.roots[log.tree.size] = log.tree.root()
        begun = row["kind"] == BEGUN
        # What begins the log of an older record is told without a salt: all of it stood there before.
        if row["salt"] == "" and not begun:
            if telling:
                findings.fault(where, "has no salt, and is not older than the log")
            old.append({name: row[name] for name in _OLD_COLUMNS})
            continue
        telling += 1
        if begun != (telling == 1 and (bool(old) or begun)):
            findings.fault(where, f"`{BEGUN}` does not stand where the entries older than the log end")
        try:
            _Telling(log, where, findings).entry(row, old)
        except Malformed as error:
            findings.fault(where, f"the content is not as the format has it: {error}")
    log.older = bool(old) and not telling
    if log.older:
        findings.fault("log_entry", "the record is older than the log, and the log has not begun")
    return log


def _check_place(seq: Any, expected: int, findings: Findings) -> None:
    if not whole(seq):
        findings.fault("log_entry", "an entry has a `seq` that is no number")
    elif seq > expected:
        gone = f"entry {expected} is" if seq == expected + 1 else f"entries {expected} to {seq - 1} are"
        findings.fault("log_entry", f"{gone} gone")
    elif seq < expected:
        findings.fault("log_entry", f"entry {seq} stands twice or out of order")


def _leaf(row: Row, where: str, findings: Findings) -> bytes:
    """The hash of an entry as it lies here."""
    salt = b""
    if row["salt"] != "":
        if is_hex(row["salt"], SALT):
            salt = bytes.fromhex(row["salt"])
        else:
            findings.fault(where, "the salt is no salt")
    content = row["content"] if isinstance(row["content"], str) else ""
    made = leaf_hash(salt + content.encode("utf-8", "surrogateescape"))
    if row["leaf"] != made.hex():
        findings.fault(where, "salt, content and leaf do not belong together")
    return made


class _Telling:
    """Takes up what one entry tells."""

    def __init__(self, log: Log, where: str, findings: Findings) -> None:
        self.log, self.where, self.findings = log, where, findings

    def fault(self, what: str) -> None:
        self.findings.fault(self.where, what)

    def entry(self, row: Row, old: list[dict[str, Any]]) -> None:
        place = self.log.tree.size
        content = parse_object(row["content"] if isinstance(row["content"], str) else "")
        if compact(content) != row["content"]:
            self.fault("the content is not spelt as the format has it")
        if not same(content.get("v"), 1):
            self.fault("the content is of another format than this checker knows")
            return
        if not same(content.get("index"), place - 1):
            self.fault("the content is that of another place in the log")
        for column in ("kind", "batch_seq", "recorded_at"):
            if column not in content or not same(content[column], row[column]):
                self.fault(f"`{column}` is not what the content tells")
        begun = content.get("kind") == BEGUN
        if begun:
            self.log.begun = place
        self._rows(content.get("rows", {}), old if begun else None)
        self._events(place, content)
        if "tree" in content:
            self._tree(content)
        if "state" in content:
            self._state(content["state"])
        if content.get("kind") == "log.key":
            self._key(place, content)
        if "erased" in content:
            self._erased(content["erased"])

    def _rows(self, told: Any, old: list[dict[str, Any]] | None) -> None:
        if not isinstance(told, dict) or not all(isinstance(rows, list) for rows in told.values()):
            raise Malformed("`rows` is no object of lists")
        if old is not None and not same(told.get("log_entry", []), old):
            self.fault("tells of other entries older than the log than stand before it")
        for table, rows in told.items():
            if table == "log_entry" and old is not None:
                continue
            if table not in PRIMARY_KEYS:
                self.fault(f"tells of a table `{table}` that this checker does not know")
                continue
            for row in rows:
                self._row(table, row)
                if table == "batch" and old is not None:
                    self.log.treeless.add(row["seq"])

    def _row(self, table: str, row: Any) -> None:
        if not isinstance(row, dict):
            raise Malformed("a told row is no object")
        columns = PRIMARY_KEYS[table]
        key = tuple(row.get(column) for column in columns)
        if not all(whole(p) if c == "seq" else isinstance(p, str) for c, p in zip(columns, key, strict=True)):
            raise Malformed(f"a told row of `{table}` has no key")
        if key in self.log.rows[table]:
            self.fault(f"tells of a row of `{table}` that an earlier entry told of")
        self.log.rows[table][key] = row

    def _events(self, seq: int, content: dict[str, Any]) -> None:
        if "events" in content:
            events = keys_are(content["events"], ("size", "root"), "`events`")
            if not whole(events["size"]):
                raise Malformed("`events` has no size")
            self.log.events[seq] = (events["size"], in_hex(events["root"], 32, "root"))

    def _tree(self, content: dict[str, Any]) -> None:
        tree = keys_are(content["tree"], ("decisions", "changes", "root"), "`tree`")
        batch = content.get("batch_seq")
        if not whole(tree["decisions"]) or not whole(tree["changes"]) or not is_hex(tree["root"], 32):
            raise Malformed("`tree` has no sizes or no root")
        if not whole(batch):
            raise Malformed("there is a tree and no batch")
        if batch in self.log.trees:
            self.fault("tells of a tree of a batch whose tree an earlier entry told of")
        self.log.trees[batch] = {**tree, "entry": self.where}

    def _state(self, given: Any) -> None:
        state = keys_are(given, ("batch", "to"), "`state`")
        batch, to = state["batch"], state["to"]
        row = self.log.rows["batch"].get((batch,)) if whole(batch) else None
        if row is None or to not in ("committed", "discarded"):
            self.fault("moves a batch that no entry before it tells of, or to no state")
        elif row.get("state") != "held" or batch in self.log.states:
            self.fault("moves a batch that was not held")
        else:
            self.log.states[batch] = to

    def _key(self, seq: int, content: dict[str, Any]) -> None:
        if not isinstance(content.get("key"), str):
            raise Malformed("there is no key")
        key = read_key(content["key"])
        if content.get("origin") != key.name:
            self.fault("the key is not that of the origin")
        self.log.keys.append((seq, key, content["key"]))

    def _erased(self, given: Any) -> None:
        erased = keys_are(given, ("events", "leaves"), "`erased`")
        events, leaves = erased["events"], erased["leaves"]
        if not isinstance(leaves, dict) or not all(map(_are_whole, [events, *leaves.values()])):
            raise Malformed("`erased` does not list numbers")
        self.log.erased_events.update(events)
        for batch, indexes in leaves.items():
            if not batch.isascii() or not batch.isdigit():
                raise Malformed("`erased` has leaves of a batch that is no number")
            self.log.erased_leaves.setdefault(int(batch), set()).update(indexes)


def _are_whole(values: Any) -> bool:
    return isinstance(values, list) and all(map(whole, values))
