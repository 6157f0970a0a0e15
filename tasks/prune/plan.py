"""What of a home is older than the profile keeps it, kind by kind, and may go."""

from __future__ import annotations

import os
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_args

from ledger import Batch, Laid, Ledger, Successor
from linewatch.profile import Kept, Profile
from linewatch.retention import kept_from
from linewatch.whereabouts import place_of
from tasks.prune.holding import Held, Holding
from tasks.prune.made import Made, made_for_people

KINDS: tuple[Kept, ...] = get_args(Kept)
LEAVES = "leaves"
"""They tell nothing of anybody, and the log is checked by them."""


@dataclass(frozen=True)
class Share:
    """Of one kind: what goes, and what stays though it is old enough."""

    kind: Kept
    before: date
    """What is of an earlier day goes."""
    files: tuple[str, ...]
    """Paths under the home."""
    bytes: int
    """What the disk gains: a part that a later snapshot has too stays."""
    successors: tuple[Successor, ...]
    held: tuple[Held, ...]
    told_before: date
    """Files made for people of every earlier day are told of in the record, once this has been."""
    left_over: tuple[str, ...] = ()
    """What an earlier prune told of and did not come to take away."""
    let_go: tuple[Laid, ...] = ()
    """Of `case_files`: what lies beside which cases no longer. A file of another case, too, stays."""


@dataclass(frozen=True)
class Plan:
    """What may go on a day."""

    after: int
    """The `seq` of the newest batch."""
    shares: tuple[Share, ...]
    """One for each kind that a rule of the profile lets go."""

    @property
    def goes(self) -> bool:
        return any(share.files or share.successors or share.let_go for share in self.shares)

    @property
    def successors(self) -> list[Successor]:
        return [each for share in self.shares for each in share.successors]

    @property
    def let_go(self) -> list[Laid]:
        return [each for share in self.shares for each in share.let_go]

    @property
    def made_for_people(self) -> list[str]:
        paths = [path for share in self.shares for path in (*share.files, *share.left_over)]
        return sorted(path for path in paths if path.startswith(("out/", "log/")))

    @property
    def told(self) -> dict[str, dict[str, Any]]:
        """What the log keeps of it: days and counts."""
        return {
            share.kind: {
                "before": share.before.isoformat(),
                "told_before": share.told_before.isoformat(),
                "files": len(share.files),
                "bytes": share.bytes,
            }
            for share in self.shares
        }


def plan_of(ledger: Ledger, today: date) -> Plan:
    """What the profile of the newest committed night lets go. Raises NotFound where there is none."""
    newest = ledger.standing(held_too=False)
    profile = Profile.model_validate(tomllib.loads(ledger.document_of(newest, "profile") or ""))
    days = {kind: day for kind in KINDS if (day := kept_from(profile, kind, today)) is not None}
    if not days:
        return Plan(0, ())
    holding = Holding(ledger, profile, newest, today)
    told = _told(ledger, holding.known)
    made = list(made_for_people(ledger.home))
    shares = [
        _case_files(ledger, holding, day)
        if kind == "case_files"
        else _share(ledger.home, holding, kind, day, told.get(kind), made)
        for kind, day in days.items()
    ]
    return Plan(holding.known[-1].seq, tuple(shares))


def _share(
    home: Path, holding: Holding, kind: Kept, before: date, told: date | None, made: Iterable[Made]
) -> Share:
    held: list[Held] = []
    old = [batch for batch in holding.known if batch.as_of < before]
    if kind == "snapshots":
        successors, paths = _snapshots(home, holding, old, held)
    else:
        successors = [each for batch in old for each in _of_batch(holding, batch, kind, held)]
        paths = [each.old.path for each in successors]
    files = [
        each.path for each in made if each.kind == kind and each.day < before and not holding.of_day(each.day)
    ]
    days = {each.path: each.day for each in made}
    left_over = [path for path in files if told is not None and days[path] < told]
    paths += [path for path in files if path not in left_over]
    return Share(
        kind,
        before,
        tuple(paths),
        _freed(home / path for path in paths),
        tuple(successors),
        tuple(held),
        min(before, *holding.days_held),
        tuple(left_over),
    )


def _case_files(ledger: Ledger, holding: Holding, before: date) -> Share:
    """What lies beside cases that were closed before a day, but for what the law keeps."""
    laid = ledger.cases.laid()
    pasts = ledger.cases.pasts({each.case_id for each in laid})
    held: list[Held] = []
    going: set[str] = set()
    for case_id, past in pasts.items():
        if past.closed_on is None or past.closed_on >= before:
            continue
        stays = holding.of_case(case_id, past, past.closed_on)
        if stays is None:
            going.add(case_id)
        else:
            held.append(stays)
    let_go = [each for each in laid if each.case_id in going]
    stay = {each.evidence.path for each in laid if each.case_id not in going}
    paths = sorted({each.evidence.path for each in let_go} - stay)
    return Share(
        "case_files",
        before,
        tuple(paths),
        _freed(ledger.home / path for path in paths),
        (),
        tuple(held),
        before,
        let_go=tuple(let_go),
    )


def _of_batch(holding: Holding, batch: Batch, kind: Kept, held: list[Held]) -> Iterator[Successor]:
    """The files of a kind that a batch has, gone for good; or why they stay."""
    mine = {
        name: stored
        for name, stored in batch.files.items()
        if name != LEAVES and _kind_of(stored.path) == kind
    }
    stays = holding.of(batch, kind) if mine else None
    if stays is not None:
        held.append(stays)
        return
    for name, stored in mine.items():
        yield Successor(batch.seq, name, stored, None)


def _snapshots(
    home: Path, holding: Holding, old: Iterable[Batch], held: list[Held]
) -> tuple[list[Successor], list[str]]:
    """Snapshots that go: only where every batch that was decided from one may lose it."""
    sharing = Counter(batch.snapshot for batch in holding.known if "manifest" in batch.files)
    mine: dict[str, list[Batch]] = {}
    for batch in old:
        if "manifest" in batch.files:
            mine.setdefault(batch.snapshot, []).append(batch)
    successors: list[Successor] = []
    paths: list[str] = []
    for folder, some in mine.items():
        stays = [found for batch in some if (found := holding.of(batch, "snapshots")) is not None]
        if stays:
            held += stays
            continue
        if len(some) < sharing[folder]:
            held += [Held(batch.batch, "a later batch was decided from the same") for batch in some]
            continue
        successors += [Successor(each.seq, "manifest", each.files["manifest"], None) for each in some]
        paths += [path.relative_to(home).as_posix() for path in sorted((home / folder).glob("*"))]
    return successors, paths


def _kind_of(path: str) -> str:
    place = place_of(path)
    return place.kind if place is not None else "decisions"


def _told(ledger: Ledger, known: Iterable[Batch]) -> dict[str, date]:
    """By kind, the day before which an earlier prune told of every file made for people."""
    found: dict[str, date] = {}
    for batch in known:
        entry = ledger.log.of_batch(batch.seq) if batch.kind == "prune" else None
        pruned: Mapping[str, Mapping[str, str]] = entry.told.get("pruned", {}) if entry is not None else {}
        for kind, told in pruned.items():
            day = date.fromisoformat(told["told_before"])
            found[kind] = max(day, found.get(kind, day))
    return found


def _freed(paths: Iterable[Path]) -> int:
    """Bytes of files all of whose names are among the paths."""
    links: Counter[tuple[int, int]] = Counter()
    known: dict[tuple[int, int], os.stat_result] = {}
    for path in paths:
        if path.is_file():
            stat = path.stat()
            links[stat.st_dev, stat.st_ino] += 1
            known[stat.st_dev, stat.st_ino] = stat
    return sum(stat.st_size for which, stat in known.items() if links[which] >= stat.st_nlink)
