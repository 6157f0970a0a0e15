"""Give a borrower all that is held of them: as JSON for machines, and as a page that needs nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ledger import Batch, Ledger, standing_ledger
from linewatch.errors import NotFound
from linewatch.recorded import Recorded, recorded
from linewatch.room import check_usable, home_option, whole
from linewatch.whereabouts import EVIDENCE
from tasks.access.erase import Erased, erase
from tasks.access.gather import Gathered, folder_of, gather
from tasks.access.mask import Masks
from tasks.access.words import WORDS

__all__ = ["Erased", "Exported", "erase", "export_borrower"]

TEMPLATES = Path(__file__).parents[1] / "templates"
ORDER = ("snapshots", "decisions", "drafts", "record", "case_files", "exports", "evidence")
PATHS_SHOWN = 3
WIDE = 9
"""A row of so many columns is told down the page, not across."""


@dataclass(frozen=True)
class Exported:
    """What was written, in paths and counts alone."""

    json: Path
    page: Path
    counts: Mapping[str, int]
    """Rows by kind and table, and of others' rows how many name the borrower."""
    unreadable: tuple[str, ...]
    others: int
    """How many other people stand in the rows, by number."""


def export_borrower(home: Path, borrower_id: str, made_at: datetime, out: Path | None = None) -> Exported:
    """Write borrower.json and borrower.html into a folder, left out: under out/access of the home; and beside
    them copies of what lies beside the borrower's cases, under the paths that they have in the home.

    Raises NotFound for a borrower of whom nothing is held. Nights may run meanwhile: of one that is committed
    later nothing is told.
    """
    ledger = standing_ledger(home)
    folder = (out or home / folder_of(borrower_id)).absolute()
    check_usable(folder)
    found = gather(ledger, borrower_id)
    if not found.parts and not found.lines:
        raise NotFound(
            "Nothing is held of a borrower of this number.",
            where="\n".join(
                ["Looked for in snapshots/, batches/, out/ and the ledger of", str(home), *found.unreadable]
            ),
            what_now="Numbers are as in the source, capitals too. What stands in the home is shown by"
            f" linewatch status{home_option(home)}",
        )
    masks = Masks(borrower_id)
    folder.mkdir(parents=True, exist_ok=True)
    found = replace(found, unreadable=(*found.unreadable, *_not_copied(home, found, folder)))
    told = _told(ledger, found, masks, borrower_id, made_at)
    paths = {"json": folder / "borrower.json", "page": folder / "borrower.html"}
    with whole(paths["json"]) as half:
        half.write_text(json.dumps(told, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
    with whole(paths["page"]) as half:
        half.write_text(_page(json.loads(paths["json"].read_text(encoding="utf-8"))), encoding="utf-8")
    counts = {
        f"{part['kind']}.{part['name']}": part["count"] for part in told["held"] if not part["of_others"]
    }
    counts["of_others"] = sum(part["count"] for part in told["held"] if part["of_others"])
    return Exported(paths["json"], paths["page"], counts, found.unreadable, len(masks.numbers))


def _not_copied(home: Path, found: Gathered, folder: Path) -> Iterator[str]:
    """Copy the evidence of the borrower's cases; the paths of what is gone or altered."""
    parts = (part for part in found.parts if part.kind == EVIDENCE.kind)
    hashes = {path: row["sha256"] for part in parts for row, paths in part.rows.values() for path in paths}
    for path, expected in sorted(hashes.items()):
        try:
            content = (home / path).read_bytes()
        except OSError:
            content = b""
        if sha256(content).hexdigest() != expected:
            yield path
            continue
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        with whole(folder / path) as half:
            half.write_bytes(content)


def _told(
    ledger: Ledger, found: Gathered, masks: Masks, borrower_id: str, made_at: datetime
) -> dict[str, Any]:
    batches = ledger.batches()
    held = [
        {
            "kind": part.kind,
            "name": part.name,
            "of_others": part.of_others,
            "count": len(part.rows),
            "rows": masks.rows(part),
        }
        for part in sorted(found.parts, key=lambda part: (part.of_others, ORDER.index(part.kind), part.name))
    ]
    words = recorded(ledger.document(each) for each in batches[-1].documents) if batches else Recorded()
    return {
        "format": "linewatch-borrower/1",
        "borrower_id": borrower_id,
        "lines": list(found.lines),
        "made_at": made_at.isoformat(timespec="seconds"),
        "language": _language(found, words),
        "lender": {
            name: words.profile.get(name, "") for name in ("name", "complaints_address", "regulator_address")
        },
        "held": held,
        "nights": _nights(ledger, batches, found.paths),
        "pruned": _pruned(ledger, batches),
        "other_people": len(masks.numbers),
        "unreadable": list(found.unreadable),
        "handed_out_before": list(found.handed_out),
    }


def _nights(ledger: Ledger, batches: Sequence[Batch], paths: set[str]) -> list[dict[str, Any]]:
    """The batches with something of the borrower in their folder or snapshot, and the documents in force."""
    known = {sha256: (kind, id_, version) for kind, id_, version, sha256, _ in ledger.every_document()}
    return [
        {
            **{name: getattr(batch, name) for name in ("batch", "kind", "as_of", "state", "root", "version")},
            "documents": [
                dict(zip(("kind", "id", "version"), known[each], strict=True)) | {"sha256": each}
                for each in batch.documents
                if each in known
            ],
        }
        for batch in batches
        if any(path.startswith((f"{batch.folder}/", f"{batch.snapshot}/")) for path in paths)
    ]


def _pruned(ledger: Ledger, batches: Sequence[Batch]) -> list[dict[str, Any]]:
    """What is not kept any more of which batch, and since when: it may have been about the borrower."""
    return [
        {"as_of": batch.as_of, "batch": batch.batch, "what": sorted(names), "on": on}
        for batch in batches
        for on, names in _by_day(ledger, batch).items()
    ]


def _by_day(ledger: Ledger, batch: Batch) -> dict[date | None, list[str]]:
    found: dict[date | None, list[str]] = {}
    for name in batch.gone:
        what = "snapshot" if name == "manifest" else name
        found.setdefault(ledger.pruned_on(batch, name), []).append(what)
    return found


def _language(found: Gathered, words: Recorded) -> str:
    """The borrower's own by the newest snapshot, else that of their country, else English."""
    rows = [
        row
        for part in found.parts
        if (part.kind, part.name) == ("snapshots", "borrower")
        for row, _ in sorted(part.rows.values(), key=lambda each: max(each[1]))
    ]
    newest = rows[-1] if rows else {}
    language = newest.get("language") or words.profile.get("languages", {}).get(newest.get("jurisdiction"))
    return str(language) if language in WORDS else "en"


def _page(told: Mapping[str, Any]) -> str:
    room = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    room.filters["shown"] = _shown
    template = room.get_template("borrower.html.j2")
    return template.render(
        told=told, words=WORDS[told["language"]], order=ORDER, most=PATHS_SHOWN, wide=WIDE, columns=_columns
    )


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _columns(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The columns of some rows that say anything."""
    names = dict.fromkeys(name for each in rows for name in each["row"])
    return [name for name in names if any(each["row"].get(name) is not None for each in rows)]
