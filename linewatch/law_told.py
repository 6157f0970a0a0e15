"""The law of a night for people: its records in force, what each bound, and what is not in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from linewatch.law import records_in_force, unapproved_packs, unmapped_lines
from linewatch.profile import Profile
from linewatch.regulation import Pack
from linewatch.regulation_page import dates_of, scope_of, value_of

Row = dict[str, Any]


def told(
    profile: Profile,
    packs: Mapping[str, Pack],
    as_of: date,
    countries: Sequence[Mapping[str, Any]],
    bound: Iterable[Mapping[str, Any]],
) -> dict[str, Any]:
    """Every record in force of the packs of the night's countries, with what it bound, and the notes.

    `countries` are the night's lines by jurisdiction, `bound` the rows of sql/reports/law_bound.
    """
    names = [str(row["jurisdiction"]) for row in countries]
    used = sorted({profile.packs[name] for name in names if profile.packs.get(name) in packs})
    by_record: dict[str, list[Mapping[str, Any]]] = {}
    for row in bound:
        by_record.setdefault(row["record_id"], []).append(row)
    return {
        "packs": [_pack(packs[name], profile, as_of, by_record) for name in used],
        "unmapped": unmapped_lines(profile, countries),
        "unapproved": unapproved_packs(profile, packs, as_of, names),
    }


def _pack(
    pack: Pack, profile: Profile, as_of: date, by_record: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Row:
    return {
        "pack": pack.id,
        "version": pack.version,
        "approved_on": pack.approved_on.isoformat() if pack.approved_on else None,
        "approved_by": pack.approved_by,
        "records": [
            {
                "id": record.id,
                "type": record.type,
                "measure": record.measure,
                "asks": f"{record.measure}{value_of(record)}",
                "binds": scope_of(record) or "every line",
                "in_force": dates_of(record),
                "citation": record.citation,
                "checked": record.checked,
                "because": record.because,
                "lines": sum(int(row["lines"]) for row in by_record.get(record.id, ())),
                "bound": [
                    {key: row[key] for key in ("currency", "lines", "borrowers", "withheld_cents")}
                    for row in by_record.get(record.id, ())
                ],
            }
            for record in records_in_force(pack, profile, as_of)
        ],
    }


def notes_of(found: Mapping[str, Any]) -> list[str]:
    """What a person should see to, in sentences."""
    return unmapped_notes(found["unmapped"]) + [
        f"The pack {name} was not approved by counsel within the last twelve months."
        for name in found["unapproved"]
    ]


def unmapped_notes(unmapped: Mapping[str, int]) -> list[str]:
    """How many lines of each country no law was asked for."""
    return [
        f"Decided by policy alone, for the profile maps {country} to no pack: {lines:,} of its lines."
        for country, lines in unmapped.items()
    ]
