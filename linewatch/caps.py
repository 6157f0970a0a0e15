"""The hard caps in force on a night, brought to the reporting currency."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from linewatch.documents import Documents
from linewatch.errors import DocumentRefused
from linewatch.policy import ExposureCap
from linewatch.profile import Profile
from linewatch.regulation import Pack, Record


def caps_in_force(
    documents: Documents, as_of: date, reporting_currency: str, rate_ppm: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Rows of the table `cap`: the policy's exposure caps and the packs' records, in reporting cents.

    `rate_ppm` gives reporting units for one unit of a currency, in millionths. Raises DocumentRefused
    naming each record whose currency has no rate, or cap whose net assets the profile does not state.
    """
    faults: list[str] = []
    caps = []
    for cap in documents.policy.exposure_cap:
        cents = _exposure_cents(cap, documents.profile, reporting_currency, faults)
        if cents is not None:
            caps.append(
                {
                    "step": "exposure",
                    "cap_row": cap.id,
                    "scope": cap.scope,
                    "subject": cap.subject,
                    "jurisdiction": None,
                    "cap_cents": cents,
                }
            )
    for country, name in sorted(documents.profile.packs.items()):
        for record in records_in_force(documents.packs[name], documents.profile, as_of):
            if record.type == "cap" and record.value is not None:
                currency = record.currency or reporting_currency
                if currency not in rate_ppm:
                    faults.append(f"pack {name}: {record.id}: no fx_rate for {currency} on {as_of}")
                    continue
                caps.append(
                    {
                        "step": "regulation",
                        "cap_row": record.id,
                        "scope": "borrower",
                        "subject": record.borrower_type,
                        "jurisdiction": country,
                        "cap_cents": record.value * rate_ppm[currency] // 1_000_000,
                    }
                )
    if faults:
        raise DocumentRefused(faults)
    return caps


def records_in_force(pack: Pack, profile: Profile, as_of: date) -> list[Record]:
    """The pack's records that bind on `as_of` under the profile's licence."""
    return [
        record
        for record in pack.record
        if record.effective_from <= as_of
        and (record.effective_to is None or as_of < record.effective_to)
        and record.licence in (None, profile.licence)
    ]


def _exposure_cents(
    cap: ExposureCap, profile: Profile, reporting_currency: str, faults: list[str]
) -> int | None:
    """The cap in reporting cents; None where it is for nights reported in another currency."""
    if cap.currency not in (None, reporting_currency):
        return None
    if cap.cap_cents is not None:
        return cap.cap_cents
    if profile.net_assets_cents is None:
        faults.append(f"policy: exposure cap {cap.id}: the profile states no net_assets_cents")
        return None
    return profile.net_assets_cents * (cap.net_assets_bp or 0) // 10_000
