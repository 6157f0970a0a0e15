"""Scenarios of what reviewers do to cases."""

from __future__ import annotations

from pathlib import Path

from linewatch.room import disk_told
from tests.tasks.laid_evidence import a_file, case_of, lay, lender
from tests.torture.scenarios import Scenario, by_name


def _referred(place: Path) -> None:
    """Cases of three borrowers, beside one of which a file lies already, and two files to lay beside one."""
    home = lender(place)
    lay(home, case_of(home, "B1"), a_file(place))
    (place / "case").write_text(case_of(home, "B0"), encoding="utf-8")
    home.rename(place / "template")
    a_file(place, "report.pdf", b"%PDF " * 1_000_000)


def _evidence(home: Path, place: Path) -> None:
    case = (place / "case").read_text(encoding="utf-8")
    with disk_told(home):
        for name, item in (("report.pdf", "see_works_progress"), ("photograph.jpg", "")):
            lay(home, case, place / name, item)


SCENARIOS = by_name(
    Scenario(
        "evidence", "two files laid beside a case, one of which lies beside another's", _referred, _evidence
    )
)
