"""Files that people laid beside cases, in a home written from docs/log.md: one that is missing is named."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.verify.a_home import events_of
from tests.verify.altered import ledger, told
from tests.verify.by_the_page import AT, compact
from tests.verify.test_home_erased import regrown
from verify.home import check

PHOTOGRAPH = b"a photograph"
SHA256 = hashlib.sha256(PHOTOGRAPH).hexdigest()
PATH = f"evidence/{SHA256[:2]}/{SHA256}.jpg"
TOLD = {"bytes": len(PHOTOGRAPH), "item": "", "media_type": "image/jpeg", "sha256": SHA256, "suffix": ".jpg"}
LAID = {"case_id": "C1", "batch_seq": None, "kind": "evidence_added", "by": "wu", "because": ""}
FOURTH, TENTH = 4, 10
"""The event and the entry that come next in the small home."""


def lay(home: Path, **other: object) -> None:
    """Lay a file beside the case C1, as the page has it, but for what is told otherwise."""
    path = home / PATH
    path.parent.mkdir(parents=True)
    path.write_bytes(PHOTOGRAPH)
    grown = regrown(home)
    content = compact({**TOLD, **other})
    leaf = grown.event(FOURTH, TENTH, **LAID, content=content)
    grown.entry("case.evidence_added", events=events_of([leaf]))
    grown.checkpoint()
    grown.db.close()


def let_go(home: Path, kind: str = "prune", **other: object) -> None:
    grown = regrown(home)
    row = grown.add(
        "batch", seq=5, batch="2026-11-24-prune-0", kind=kind, as_of="2026-11-24", state="committed",
        root="0" * 64, source="", source_identity="", documents_identity="d", documents="{}", snapshot="",
        folder="", files="{}", counts="{}", held_because="", version="0.1", recorded_at=AT,
    )  # fmt: skip
    event = {**LAID, "kind": "evidence_pruned", "by": "linewatch", "batch_seq": 5}
    leaf = grown.event(FOURTH + 1, TENTH + 1, **event, content=compact({**TOLD, **other}))
    grown.entry("batch.committed", 5, rows={"batch": [row]}, events=events_of([leaf]))
    grown.checkpoint()
    grown.db.close()


def test_a_file_beside_a_case_has_to_be_there_with_every_byte(home: Path) -> None:
    lay(home)
    report = check(home)
    assert told(report) == ""
    assert (report.counts["evidence"], report.counts["strays"]) == (1, 0)
    path = home / PATH
    for at in range(len(PHOTOGRAPH)):
        altered = bytearray(PHOTOGRAPH)
        altered[at] ^= 1
        path.write_bytes(altered)
        report = check(home)
        assert told(report) == f"{PATH}: has other bytes than were written"
        assert report.faults[0].whose == "C1"
    path.write_bytes(PHOTOGRAPH + b"!")
    assert told(check(home)) == f"{PATH}: has 13 bytes, and 12 were written"
    path.unlink()
    assert told(check(home)) == f"{PATH}: is gone"


def test_a_file_that_no_event_names_is_counted(home: Path) -> None:
    lay(home)
    (home / "evidence" / "00").mkdir()
    (home / "evidence" / "00" / ("0" * 64)).write_bytes(b"")
    report = check(home)
    assert told(report) == ""
    assert report.counts["strays"] == 1


def test_a_file_that_a_prune_let_go_is_missed_nowhere(home: Path) -> None:
    lay(home)
    let_go(home)
    (home / PATH).unlink()
    report = check(home)
    assert told(report) == ""
    assert "evidence" not in report.counts


def test_a_file_that_was_let_go_by_no_prune_or_was_not_there_is_a_fault(home: Path) -> None:
    lay(home)
    let_go(home, kind="erasure")
    assert told(check(home)) == "review_event 5: lets a file go, and no prune did"
    (home / PATH).unlink()
    assert told(check(home)).splitlines()[-1] == f"{PATH}: is gone"


def test_what_is_let_go_must_have_been_there(home: Path) -> None:
    lay(home)
    let_go(home, item="see_permits")
    assert told(check(home)) == "review_event 5: lets a file go that does not lie beside the case"


def test_an_event_that_names_another_file_than_was_laid_does_not_belong_to_its_leaf(home: Path) -> None:
    lay(home)
    other = "0" * 64
    ledger(home, f"update review_event set content = replace(content, '{SHA256}', '{other}') where seq = 4")
    assert told(check(home)).splitlines() == [
        "review_event 4: the event, its case or its salt do not belong to its leaf",
        f"evidence/00/{other}.jpg: is gone",
    ]


def test_an_event_cannot_lead_out_of_the_folder(home: Path) -> None:
    for number, other in enumerate(
        ({"suffix": "/../../x"}, {"sha256": "../x"}, {"bytes": "1"}, {"suffix": None})
    ):
        place = home.with_name(f"home-{number}")
        home.rename(place)
        home = place
        if number:
            ledger(home, "delete from review_event where seq = 4", "delete from log_entry where seq = 10")
            (home / PATH).unlink()
            (home / PATH).parent.rmdir()
        lay(home, **other)
        assert "review_event 4: what it tells of a file cannot be read" in told(check(home))
