"""What it takes to say why limits moved: a night of which circumstances alone changed, and one of which the
model, the policy and a pack changed too.

    python -m benchmarks.causes [BORROWERS]      # 20,000 if left out; prints a table

The lender is the made-up one, with two nights a month apart; every night is a process of its own.
"""

from __future__ import annotations

import re
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import sql.engine as sql
from flows.attributing import attribute_night
from flows.usage import Usage, metered
from linewatch.documents import SHIPPED, Documents, load_documents
from linewatch.drafts import with_drafts
from linewatch.night import Night
from tasks.attribute import Attributed
from tasks.commit import commit
from tasks.decide import decide
from tasks.demo import DemoNight, write_demo
from tasks.draft import draft
from tasks.features import features
from tasks.guard import guard
from tasks.pull import pull
from tasks.refer import refer
from tasks.rescore import rescore
from tasks.validate import validate

BORROWERS = 20_000
MOMENT = datetime(2026, 11, 22, 1, 15, tzinfo=UTC)
CAP = """
id = "cn"
version = "bench"
effective_from = {day}

[[record]]
id = "bench-cap"
type = "cap"
effective_from = {day}
borrower_type = "consumer"
measure = "borrower_limit_cents"
value = 150_000_00
currency = "CNY"
citation = "none"
checked = false
because = "To have a pack that differs."
"""
BEFORE = (pull, validate, features, rescore, decide, guard)
AFTER = (draft, refer, commit)


def run(home: Path, made: DemoNight, documents: Documents) -> tuple[dict[str, Usage], Attributed]:
    """A night up to its commit: what deciding took, what attributing took, and what that found."""
    night = Night(made.as_of, home, str(made.folder), documents, MOMENT)
    home.mkdir(parents=True, exist_ok=True)
    sql.open_engine(night.scratch)
    used = {}
    for step in BEFORE:
        _, used[step.name] = metered(lambda step=step: step.fn(night))  # type: ignore[misc]
    found, used["attribute"] = metered(lambda: attribute_night.fn(night))
    for step in AFTER:
        step.fn(night)
    sql.close_engine(night.scratch)
    return used, found


def changed(made: DemoNight, place: Path) -> Documents:
    """The shipped documents with a stricter policy, a harsher card and one more record of law."""
    place.mkdir()
    policy = (SHIPPED / "policies" / "2000-01-01-default.toml").read_text(encoding="utf-8")
    (card,) = (SHIPPED / "scorecards").glob("*consumer.toml")
    texts = {
        "policy": re.sub(
            r"pd_below_bp = (\d+)", lambda found: f"pd_below_bp = {int(found[1]) * 4 // 5}", policy
        ),
        "scorecard": re.sub(
            r"pd_bp = (\d+)",
            lambda found: f"pd_bp = {min(9999, int(found[1]) * 5 // 4)}",
            card.read_text(encoding="utf-8"),
        ),
        "regulation": CAP.format(day=made.as_of),
    }
    drafts = {kind: [place / f"{kind}.toml"] for kind in texts}
    for kind, text in texts.items():
        drafts[kind][0].write_text(text, encoding="utf-8")
    sources = [(source.kind, source.text) for source in load_documents(made.as_of).sources]
    return with_drafts(sources, drafts, made.as_of, place / "documents")


def apart(home: Path, made: DemoNight, place: Path | None = None) -> tuple[dict[str, Usage], Attributed]:
    documents = load_documents(made.as_of) if place is None else changed(made, place)
    return run(home, made, documents)


def main() -> None:
    borrowers = int(sys.argv[1]) if len(sys.argv) > 1 else BORROWERS
    with TemporaryDirectory() as folder:
        place = Path(folder)
        first, second = write_demo(place / "lender", borrowers=borrowers, seed=1, nights=2)

        def alone(
            home: Path, made: DemoNight, documents: Path | None = None
        ) -> tuple[dict[str, Usage], Attributed]:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as one:
                return one.submit(apart, home, made, documents).result()

        alone(place / "home", first)
        shutil.copytree(place / "home", place / "other")
        print(f"{borrowers:,} borrowers\n")
        print("| changed | limits moved | counted | decide | attribute | peak |")
        print("|---|---|---|---|---|---|")
        for name, home, documents in (
            ("circumstances", "home", None),
            ("circumstances, model, policy, a pack", "other", place / "changed"),
        ):
            used, found = alone(place / home, second, documents)
            print(
                f"| {name} | {found.moved:,} | {found.counted:,} | {used['decide'].wall_s:.1f} s"
                f" | {used['attribute'].wall_s:.1f} s | {used['attribute'].peak_mb:,} MB |"
            )


if __name__ == "__main__":
    main()
