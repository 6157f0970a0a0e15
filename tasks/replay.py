"""Replay: a past night, decided again, beside what stands of it: the same root, or where the two part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow.csv as csv
import pyarrow.parquet as pq

import sql.engine as sql
from ledger import Batch, standing_ledger
from linewatch.columns import columns
from linewatch.errors import LinewatchError
from linewatch.leaves import Standing
from linewatch.night import Night
from linewatch.notice import STEPS
from linewatch.proof import FIELDS, root_of
from linewatch.room import whole
from sql import walk
from sql.canonical import canonical_rows
from sql.engine import StatementFailed
from sql.files import sha256_of
from sql.parting import Parting, part

SAME, DIFFERS, ALTERED, NOT_REPLAYED = "same", "differs", "altered", "not_replayed"
"""Of a night: its root came again; another did; its root did, but its file is not what was stored; nobody
can say, for what it was decided on is gone or cannot be read by this version."""
STORED, CHANGED, UNREADABLE, GONE = "as stored", "not as stored", "unreadable", "gone"
"""Of the night's file of decisions."""
BEFORE, AFTER = "before_walk", "after_walk"
FIRST = 10
"""Lines that are named; a file has all of them."""
WALK = {name: step for step in STEPS for name in (f"after_{step}_cents", f"{step}_row", f"{step}_value")}
BEGINS = FIELDS.index(f"after_{STEPS[0]}_cents")
STEP_OF = {name: WALK.get(name, BEFORE if at < BEGINS else AFTER) for at, name in enumerate(FIELDS)}
"""Each column of a canonical row, and the step that leaves it, or on which side of the walk it is."""


@dataclass(frozen=True)
class Replayed:
    """What came of one night: `content` is JSON-able."""

    content: Mapping[str, Any]

    @property
    def status(self) -> str:
        return str(self.content["status"])

    @property
    def text(self) -> str:
        """For a person to read."""
        return "\n".join(_words(self.content))


def committed(home: Path) -> list[Batch]:
    """Every committed night and its revisions, in order. Raises NotFound where no night was ever run."""
    nights = standing_ledger(home).batches(state="committed")
    return sorted(
        (each for each in nights if each.kind in ("night", "revision")),
        key=lambda each: (each.as_of, each.seq),
    )


def compare(night: Night, batch: Batch, home: Path, folder: Path | None) -> Replayed:
    """Compare a night that was decided again, its scratch as `draft` leaves it, with its batch.

    Where lines part, `folder` gets differences.csv, with keys and amounts; None: the night's own in out/.
    """
    with sql.cursor(night.scratch) as db:
        erased = _erased(home, batch)
        counted = batch.path(home, "class_share")
        if erased.leaves and counted is not None and counted.is_file():
            walk.classify_as_counted(db, counted)
        root = root_of(canonical_rows(db))
        stands = _as_stored(home, batch)
        same = root == batch.root
        content = {**_head(batch), "again": root, "file": stands, "lines": db.count("decisions")}
        if same and stands == STORED:
            return Replayed({**content, "status": SAME})
        content["status"] = DIFFERS if not same else ALTERED
        path = batch.path(home, "decisions")
        if stands == GONE or path is None:
            return Replayed(content)
        try:
            parting = part(db, path, "decisions", FIELDS, STEP_OF, erased.leaning)
        except StatementFailed:
            if stands == STORED:
                raise
            return Replayed({**content, "file": UNREADABLE})
        if erased.leaves and not parting.lines and stands == STORED:
            told = {"erased": erased.leaves, "not_compared": len(erased.leaning)}
            return Replayed({**content, **told, "status": SAME})
        return Replayed({**content, **_parted(db, parting, folder or batch.out(home) / "replay")})


def not_replayed(batch: Batch, error: LinewatchError) -> Replayed:
    """A night that nobody can decide again: what it was decided on is gone, or not for this version."""
    why = {"what": error.what, "where": error.where, "what_now": error.what_now}
    return Replayed({**_head(batch), "status": NOT_REPLAYED, "because": why})


@dataclass(frozen=True)
class _Erased:
    """What erasures took from the decisions of a night."""

    leaves: int
    leaning: tuple[str, ...]
    """Lines of others that leant on a row that is gone: nobody can decide them again as they were."""


def _erased(home: Path, batch: Batch) -> _Erased:
    known = standing_ledger(home).erased_of(batch)
    path, salts = batch.path(home, "decisions"), batch.path(home, "salts")
    if not known.leaves or path is None or salts is None:
        return _Erased(0, ())
    standing = Standing(salts.read_bytes())
    places = [standing.place(leaf) for leaf in sorted(known.leaning)]  # some were erased later themselves
    lines = pq.read_table(path, columns=["facility_id"])["facility_id"]
    leaning = tuple(lines[place].as_py() for place in places if place is not None)
    return _Erased(len(known.leaves), leaning)


def _head(batch: Batch) -> dict[str, Any]:
    return {
        "night": batch.as_of.isoformat(),
        "batch": batch.batch,
        "root": batch.root,
        "versions": {"committed": batch.version, "again": version("linewatch")},
    }


def _as_stored(home: Path, batch: Batch) -> str:
    path = batch.path(home, "decisions")
    if path is None or not path.is_file():
        return GONE
    return STORED if sha256_of(path) == batch.files["decisions"].sha256 else CHANGED


def _parted(db: sql.Cursor, parting: Parting, folder: Path) -> dict[str, Any]:
    return {
        "differing": {
            "lines": parting.lines,
            "steps": {row["step"]: row["lines"] for row in db.rows("replay/by_step")},
            "columns": {row["column_name"]: row["lines"] for row in db.rows("replay/by_column")},
            "first": db.rows("replay/first_lines", most=FIRST),
            "only_committed": list(parting.only_committed),
            "only_again": list(parting.only_again),
        },
        "paths": {"differences": str(_written(db, folder).absolute())} if parting.lines else {},
    }


def _written(db: sql.Cursor, folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "differences.csv"
    batches = db.batches("replay/differences")
    first = next(batches)
    with whole(path) as half, csv.CSVWriter(half, first.schema) as out:
        for batch in chain([first], batches):
            out.write_batch(batch)
    return path


def _words(found: Mapping[str, Any]) -> list[str]:
    night, root = found["night"], found["root"][:12]
    if found["status"] == SAME:
        if "erased" in found:
            return [
                f"{night}: the same decisions, {found['lines']:,} lines decided again",
                f"  erased        {found['erased']:,} leaves",
                f"  not compared  {found['not_compared']:,} lines that leant on them",
            ]
        return [f"{night}: the same root {root}, {found['lines']:,} lines decided again"]
    if found["status"] == NOT_REPLAYED:
        return [f"{night}: not replayed", *_why(found["because"], found["versions"])]
    words = [f"{night}: decided again, the root is {found['again'][:12]}; committed is {root}"]
    if found["status"] == ALTERED:
        words = [
            f"{night}: decided again, the root is {root} as committed, but its file of decisions is another"
        ]
    committed, again = found["versions"]["committed"], found["versions"]["again"]
    words.append(f"  committed by  Linewatch {committed}; decided again by Linewatch {again}")
    if found["file"] != STORED:
        words.append(f"  its file      of decisions is {found['file']}: put it back from a copy of the home")
    return words + (_told(found["differing"], found["paths"]) if "differing" in found else [])


def _why(because: Mapping[str, str], versions: Mapping[str, str]) -> list[str]:
    said = [line for each in because.values() for line in each.splitlines()]
    return [
        *(f"  {line.strip()}" for line in said),
        f"  committed by Linewatch {versions['committed']}; this is {versions['again']}",
    ]


def _told(differing: Mapping[str, Any], paths: Mapping[str, str]) -> list[str]:
    words = [f"  lines         {differing['lines']:,} differ"]
    for name, said in (("only_committed", "committed alone"), ("only_again", "decided again alone")):
        if differing[name]:
            words.append(f"  columns       of what was {said}: {', '.join(differing[name])}")
    if not differing["lines"]:
        return [*words, "  In the columns that both have, no line differs."]
    steps = ", ".join(f"{step} {lines:,}" for step, lines in differing["steps"].items())
    words += [f"  first at      {steps}", ""]
    words += columns(("column", "lines"), list(differing["columns"].items()))
    shown = [(row["facility_id"], row["step"], _few(row["columns"])) for row in differing["first"]]
    words += ["", *columns(("line", "first at", "columns"), shown)]
    return [*words, "", *(f"{path}: every difference" for path in paths.values())]


def _few(names: list[str], most: int = 4) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
