"""What our own cut does to a borrower: only the limit is changed, and the night's own card scores them again.

Somebody whose line is cut uses more of what is left, and every card counts that against them. It is shown to
who decides on the cut; the walk itself bounds what a cut may leave in use (`utilisation_after_cut_bp` of the
policy).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import sql.engine as sql
from linewatch.characteristics import characteristics
from linewatch.documents import Documents
from linewatch.night import Night
from sql.features import build_features

OWN = "cut"
"""The schema in which borrowers are scored with their limits cut."""

Score = Callable[[sql.Cursor, Documents], object]


def cut_lines(night: Night) -> list[str]:
    """Leave `cut_line`, and `after_cut` without a row; return the lines that the walk would cut."""
    with sql.cursor(night.scratch) as db:
        db.create("schema/after_cut")
        db.build("aftermath/cut_line")
        return [row["facility_id"] for row in db.rows("aftermath/cut_line")]


def hand_over(night: Night, folder: Path) -> None:
    """Write the lines that would be cut, with what would be left."""
    with sql.cursor(night.scratch) as db:
        db.write_to("select * from cut_line", str(folder / "cut_line.parquet"))


def rescore_cut(now: Night, folder: Path, score: Score) -> None:
    """Score the borrowers around those lines with nothing but these limits changed.

    `score` is the night's own scoring, of what a cursor sees.
    """
    ties = now.documents.policy.tables()["pol_control_group"]
    with sql.cursor(now.scratch, schema=OWN) as db:
        db.parquet("cut_line", [folder / "cut_line.parquet"])
        for name in ("stg_facility", "facility"):
            db.build(f"aftermath/{name}")
        build_features(db, characteristics().scale_rows(), ties)
        score(db, now.documents)
        db.write("aftermath/scored", folder / "rescored.parquet")


def keep(night: Night, folder: Path) -> None:
    """Leave `after_cut` in the night's own scratch."""
    with sql.cursor(night.scratch) as db:
        db.replace("pol_band", night.documents.policy.tables()["pol_band"])
        db.parquet("rescored", [folder / "rescored.parquet"])
        db.build("aftermath/after_cut")
        db.drop("rescored")
