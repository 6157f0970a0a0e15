"""The policy's hard caps of a night, in the reporting currency; those of law are in linewatch/law.py."""

from __future__ import annotations

from typing import Any

from linewatch.documents import Documents
from linewatch.errors import DocumentRefused
from linewatch.policy import ExposureCap
from linewatch.profile import Profile


def caps_in_force(documents: Documents, reporting_currency: str) -> list[dict[str, Any]]:
    """Rows of the table `cap`: the policy's exposure caps, in reporting cents.

    Raises DocumentRefused naming each cap whose net assets the profile does not state.
    """
    faults: list[str] = []
    caps = []
    for cap in documents.policy.exposure_cap:
        cents = _exposure_cents(cap, documents.profile, reporting_currency, faults)
        if cents is not None:
            caps.append(
                {
                    "cap_row": cap.id,
                    "scope": cap.scope,
                    "subject": cap.subject,
                    "cap_cents": cents,
                }
            )
    if faults:
        raise DocumentRefused(faults)
    return caps


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
