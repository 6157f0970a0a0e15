"""Prove: what shows to anybody, without the ledger, that a change was committed as it was (docs/log.md)."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ledger import Batch, Entry, Ledger, Signed, standing_ledger
from linewatch.checkpoint import is_signed_by
from linewatch.errors import DataRefused, NotFound
from linewatch.leaves import SALT, Standing
from linewatch.proof import FIELDS
from linewatch.room import home_option, whole
from linewatch.tree import SIZE, consistency, leaf, path
from sql.canonical import CHANGES, DECISIONS, canonical_batches
from sql.engine import Cursor
from sql.passing import passing

FORMAT, CONSISTENCY = "linewatch-proof/1", "linewatch-consistency/1"
TEMPLATES = Path(__file__).parent / "templates"
STATEMENTS = {"changes": CHANGES, "decisions": DECISIONS}


@dataclass(frozen=True)
class Proof:
    """Where a proof and its page lie."""

    change_id: str
    batch: str
    proof: Path
    page: Path


def prove(home: Path, change_id: str, out: Path) -> Proof:
    """Leave `out`/proof-<change>.json, and a page for a person beside it.

    A change is named by its own name or by the reference that its letter says. Raises NotFound for one that
    no committed batch has, or that no checkpoint covers yet; DataRefused where a file is not what was
    committed.
    """
    ledger = standing_ledger(home)
    with passing(home) as engine, engine.cursor() as db:
        batch, facility_id, change_id = _found(ledger, db, change_id)
        entry = ledger.log.of_batch(batch.seq)
        if entry is None or "tree" not in entry.told:
            raise NotFound(
                f"{batch.batch} was committed before this home kept a log: there is no leaf of it to prove.",
                what_now=f"linewatch explain {facility_id} --as-of {batch.as_of}{home_option(home)}",
            )
        proven = _leaves(db, home, batch, entry.told["tree"], facility_id)
    moved = ledger.log.moved(batch.seq)
    signed = _covering(ledger, moved or entry)
    covered = ledger.log.standing().leaves[: signed.size * SIZE]
    content = {
        "format": FORMAT,
        "batch": batch.batch,
        "leaves": proven,
        "entry": _entry(entry, covered),
        **({"moved": _entry(moved, covered)} if moved is not None else {}),
        "checkpoint": signed.note,
    }
    out.mkdir(parents=True, exist_ok=True)
    file, page = (out / f"proof-{change_id}.{ending}" for ending in ("json", "html"))
    _write(file, as_text(content))
    _write(page, _page(content, ledger, batch, signed, file.name))
    return Proof(change_id, batch.batch, file, page)


def prove_consistency(home: Path, old: int, new: int, out: Path) -> Path:
    """Leave what shows that the log of `new` entries begins with that of `old`. Raises NotFound where no
    checkpoint of that size was signed.
    """
    ledger = standing_ledger(home)
    by_size = {signed.size: signed.note for signed in ledger.log.checkpoints()}
    missing = [size for size in (old, new) if size not in by_size]
    if missing or old > new:
        raise NotFound(
            f"No checkpoint covers {missing[0]:,} entries."
            if missing
            else f"{old:,} entries are more than {new:,}.",
            where=f"Signed are: {', '.join(f'{size:,}' for size in by_size)}.",
            what_now="Name two of them, the earlier first.",
        )
    leaves = ledger.log.standing().leaves[: new * SIZE]
    content = {
        "format": CONSISTENCY,
        "old": by_size[old],
        "new": by_size[new],
        "path": _hex(consistency(leaves, old)),
    }
    out.mkdir(parents=True, exist_ok=True)
    file = out / f"consistency-{old}-{new}.json"
    _write(file, as_text(content))
    return file


def as_text(content: Mapping[str, Any]) -> str:
    """A proof as it stands in its file."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _found(ledger: Ledger, db: Cursor, named: str) -> tuple[Batch, str, str]:
    """The batch that has a change, the line that it is of, and its name; the newest batches are looked at
    first.
    """
    for batch in reversed(ledger.batches(state="committed")):
        file = batch.path(ledger.home, "changes")
        if file is None or not file.exists():
            continue
        db.parquet("kept_changes", [file])
        _look_for_letters(ledger, db, batch)
        for row in db.rows("log/line_of_change", named=named):
            return batch, str(row["facility_id"]), str(row["change_id"])
    raise NotFound(
        f"No committed batch has a change {named}, nor a change whose letter has it for a reference.",
        where="\n".join([str(ledger.home), *_pruned(ledger)]),
        what_now="A change_id stands in limit_changes.csv, in the folder of its night under out/; a reference"
        " in the last line of a letter.",
    )


def _look_for_letters(ledger: Ledger, db: Cursor, batch: Batch) -> None:
    """Leave `kept_drafts`, empty where the letters are gone or older than references."""
    file = batch.path(ledger.home, "drafts")
    db.drop("kept_drafts")
    if file is not None and file.exists():
        db.parquet("kept_drafts", [file])
        if "reference" in db.columns("kept_drafts"):
            return
        db.drop("kept_drafts")
    db.create("schema/drafts")
    db.raw.execute("create or replace view kept_drafts as from drafts")


def _pruned(ledger: Ledger) -> list[str]:
    """Which batches have no changes to be found in any more, in a line."""
    gone = [each for each in ledger.batches(state="committed") if "changes" in each.gone]
    if not gone:
        return []
    on = ledger.pruned_on(gone[-1], "changes")
    return [f"The changes of {len(gone):,} batches, up to {gone[-1].batch}, were pruned, the last on {on}."]


def _leaves(
    db: Cursor, home: Path, batch: Batch, tree: Mapping[str, int], facility_id: str
) -> list[dict[str, Any]]:
    """The change's leaf and, where the batch decided the line, the decision's."""
    hashes, salts = (_bytes(home, batch, name) for name in ("leaves", "salts"))
    standing = Standing(salts)
    found = []
    for section, first in (("changes", tree["decisions"]), ("decisions", 0)):
        kept = batch.path(home, section)
        if not tree[section] or kept is None:
            continue
        db.parquet(f"kept_{section}", [kept])
        if not db.build(f"log/{section}", facility_id=facility_id):
            continue
        (row,) = next(canonical_batches(db, STATEMENTS[section]))
        (place,) = db.rows(f"log/{section}_before", facility_id=facility_id)
        index = standing.leaf(int(place["place"]), first)
        salt = salts[SALT * index : SALT * (index + 1)]
        if leaf(salt + row) != hashes[SIZE * index : SIZE * (index + 1)]:
            raise DataRefused(
                f"Leaf {index:,} of {batch.batch} is not what was committed.",
                where=str(kept),
                what_now=f"linewatch log verify{home_option(home)} says what was altered.",
            )
        shown = row.partition(b":")[2].rstrip(b"\n").decode()
        found.append(
            {
                "of": section,
                "row": shown,
                "salt": salt.hex(),
                "index": index,
                "path": _hex(path(hashes, index)),
            }
        )
    return found


def _bytes(home: Path, batch: Batch, name: str) -> bytes:
    file = batch.path(home, name)
    if file is None or not file.exists():
        raise NotFound(
            f"The file of {name} of {batch.batch} is not there.",
            where=str(file or home),
            what_now="Put it back from a copy of the home.",
        )
    return file.read_bytes()


def _entry(entry: Entry, covered: bytes) -> dict[str, Any]:
    return {
        "content": entry.content,
        "salt": entry.salt,
        "index": entry.index,
        "path": _hex(path(covered, entry.index)),
    }


def _covering(ledger: Ledger, entry: Entry) -> Signed:
    """The first checkpoint of the key of now that covers an entry: whoever checks has that key."""
    key = ledger.log.standing().key or ""
    for signed in ledger.log.checkpoints():
        if signed.size > entry.index and is_signed_by(signed.note, key):
            return signed
    raise NotFound(
        "No checkpoint covers this batch yet.",
        what_now=f"linewatch log checkpoint{home_option(ledger.home)}",
    )


def _page(content: Mapping[str, Any], ledger: Ledger, batch: Batch, signed: Signed, file: str) -> str:
    change = json.loads(content["leaves"][0]["row"])
    decided = [json.loads(each["row"]) for each in content["leaves"] if each["of"] == "decisions"]
    environment = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True)
    return environment.get_template("proof.html.j2").render(
        change_id=change[1],
        as_of=date.fromisoformat(change[3]),
        effective_on=change[4],
        currency=decided[0][1 + FIELDS.index("currency")] if decided else "",
        limits=[_amount(cents) for cents in change[5:7]],
        rates=[_percent(rate_bp) for rate_bp in change[7:9]],
        blocked=bool(change[9]),
        batch=batch.batch,
        size=signed.size,
        note=signed.note,
        key=ledger.log.standing().key,
        file=file,
        code=_code(signed.note),
    )


def _amount(cents: int) -> str:
    return f"{cents // 100:,}.{cents % 100:02}"


def _percent(rate_bp: int | None) -> str:
    return "–" if rate_bp is None else f"{rate_bp // 100}.{rate_bp % 100:02} %"


def _code(note: str) -> str:
    """The checkpoint as a QR code that a page shows without asking anybody."""
    drawn = io.BytesIO()
    segno.make(note, error="l", micro=False).save(drawn, kind="png", scale=4)
    return base64.b64encode(drawn.getvalue()).decode()


def _write(file: Path, text: str) -> None:
    with whole(file) as half:
        half.write_text(text, encoding="utf-8")


def _hex(hashes: list[bytes]) -> list[str]:
    return [each.hex() for each in hashes]
