"""A night with a small folder as its source, for tests of the record: documents without the rules' own."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from linewatch.documents import Documents, Source
from linewatch.night import Night
from linewatch.profile import Profile

AS_OF = date(2026, 11, 21)
RECORDED_AT = datetime(2026, 11, 22, 1, 15, tzinfo=UTC)
PROFILES = Path(__file__).parents[2] / "linewatch" / "profiles"
FACILITY = """facility_id,borrower_id,product,currency,credit_limit_cents,drawn_cents,status,opened_on,colour
F2,B1,revolving_consumer,CNY,500000,-1200,active,2024-05-01,red
F1,B1,revolving_consumer,CNY,1000000,250000,active,,blue
"""
BORROWER = "borrower_id,borrower_type,jurisdiction,under_21\nB1,consumer,CN,false\n"


def small_folder(path: Path) -> Path:
    path.mkdir(parents=True)
    (path / "facility.csv").write_text(FACILITY, encoding="utf-8")
    (path / "borrower.csv").write_text(BORROWER, encoding="utf-8")
    return path


def profile(**changes: Any) -> Profile:
    text = (PROFILES / "2000-01-01-default.toml").read_text(encoding="utf-8")
    return Profile.model_validate({**tomllib.loads(text), **changes})


def documents(text: str = "id = 'house'", **changes: Any) -> Documents:
    """The shipped profile, and a document of this text; no rule is read in these tests."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Documents(
        profile=profile(**changes),
        policy=None,  # type: ignore[arg-type]
        scorecards={},
        packs={},
        notices=None,  # type: ignore[arg-type]
        sources=(Source("policy", "house", "1", date(2026, 1, 1), sha256, text, Path("policy.toml")),),
    )


def night(home: Path, source: Path, **changes: Any) -> Night:
    made = Night(AS_OF, home, str(source), documents(), RECORDED_AT)
    return replace(made, **changes)
