"""Regulation: the law of a night, record by record, and what it bound of the night's lines."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from ledger import Batch, Ledger, standing_ledger
from linewatch.law_told import notes_of, told
from linewatch.profile import Profile
from linewatch.regulation import Pack
from sql.engine import Engine


def regulation(home: Path, as_of: date | None = None) -> dict[str, Any]:
    """The records in force on a night (None: the newest committed) and what they bound, JSON-able.

    Reads committed files in a database of its own, so it works while a night runs. Raises NotFound for a
    night that the home does not have.
    """
    ledger = standing_ledger(home)
    batch = ledger.standing(as_of)
    profile, packs = _documents(ledger, batch)
    with Engine(None, threads=1) as engine, engine.cursor() as db:
        db.parquet("decisions", [ledger.file(batch, "decisions")])
        found = told(
            profile, packs, batch.as_of, db.rows("reports/law_country"), db.rows("reports/law_bound")
        )
    return {"night": batch.as_of.isoformat(), "batch": batch.batch, **found, "notes": notes_of(found)}


def words(found: dict[str, Any]) -> str:
    """The same for a person: a record a line, and below it what it bound."""
    lines = [f"The law on the night of {found['night']}"]
    for pack in found["packs"]:
        on, by = pack["approved_on"], pack["approved_by"]
        approved = f"approved {on} by {by}" if on else "approved by nobody"
        lines += ["", f"pack {pack['pack']}, version {pack['version']}, {approved}"]
        for record in pack["records"]:
            checked = "" if record["checked"] else ", not checked"
            lines.append(f"  {record['type']:<5} {record['id']}: {record['asks']}")
            lines.append(f"        {record['binds']}, {record['in_force']}{checked}")
            lines += [
                f"        bound {row['lines']:,} lines in {row['currency']}: {row['withheld_cents']:,} cents"
                " less than without the law"
                for row in record["bound"]
            ]
    return "\n".join([*lines, "", *found["notes"]]).rstrip()


def _documents(ledger: Ledger, batch: Batch) -> tuple[Profile, dict[str, Pack]]:
    """The profile and the packs that the night used, as the ledger keeps them."""
    texts = list(ledger.documents_of(batch))
    read = [(kind, tomllib.loads(text)) for kind, _, text in texts]
    profile = next(Profile.model_validate(data) for kind, data in read if kind == "profile")
    packs = [Pack.model_validate(data) for kind, data in read if kind == "regulation"]
    return profile, {pack.id: pack for pack in packs}
