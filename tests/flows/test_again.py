"""A night decided again: by its own documents the same, by others another, never a trace in the home."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from flows.again import decided_again, under_the_last_documents
from ledger import open_ledger
from linewatch.documents import SHIPPED, load_documents
from linewatch.errors import DocumentRefused, NotFound
from linewatch.night import Night
from sql.engine import cursor
from tasks import again
from tasks.decide import decide
from tasks.demo import DemoNight, write_demo
from tasks.features import features
from tasks.pull import pull
from tasks.rescore import rescore
from tasks.sweep import close
from tasks.validate import validate
from tests.whole_night import RECORDED_AT, run_night

pytestmark = pytest.mark.xdist_group("golden")
POLICY = (SHIPPED / "policies" / "2000-01-01-default.toml").read_text(encoding="utf-8")


@pytest.fixture
def home(golden_nights: Path) -> Path:
    return golden_nights / "home"


def hashes(home: Path) -> dict[str, str]:
    return {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file()
    }


def targets(night: Night) -> set[int]:
    with cursor(night.scratch) as db:
        return {row[0] for row in db.raw.execute("select strategy_value from decisions").fetchall()}


def test_a_night_decided_again_by_its_own_documents_has_the_same_root_and_leaves_no_trace(home: Path) -> None:
    before = hashes(home)
    nights = [batch for batch in open_ledger(home).batches() if batch.kind == "night"]
    assert len(nights) == 2
    assert nights[0].files["quarantine"].rows > 0
    for batch in nights:
        with decided_again(home, batch.as_of, letters=True) as night:
            assert again.root(night) == batch.root
            place = night.place
        assert not place.exists()
    assert hashes(home) == before


def test_a_draft_stands_in_for_the_policy_in_force_though_it_begins_later(home: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.toml"
    draft.write_text(
        POLICY.replace("effective_from = 2000-01-01", "effective_from = 2031-01-01").replace(
            "idle = 9000, low = 9000", "idle = 4000, low = 4000"
        )
    )
    with decided_again(home, drafts={"policy": [draft]}) as night:
        assert 4000 in targets(night)
        assert night.documents.policy.effective_from == night.as_of


def test_a_fault_of_a_draft_is_told_of_the_file_that_was_named(home: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.toml"
    draft.write_text(POLICY.replace("reasons_most = 4", "reasons_most = 40"))
    with (
        pytest.raises(DocumentRefused, match=f"{draft}: reasons_most"),
        decided_again(home, drafts={"policy": [draft]}),
    ):
        pass


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DemoNight]:
    """A home with one night, and the next night's lender."""
    place = tmp_path_factory.mktemp("begun")
    first, second = write_demo(place / "lender", borrowers=300, seed=4, nights=2)
    run_night(first.folder, first.as_of, place / "home", promises=False)
    return place / "home", second


def of(begun: tuple[Path, DemoNight], policy: Path | None = None) -> Night:
    home, second = begun
    documents = load_documents(second.as_of, policy=policy)
    return Night(second.as_of, home, str(second.folder), documents, RECORDED_AT, threads=2)


def test_a_running_night_is_decided_again_under_the_documents_of_the_last_one(
    begun: tuple[Path, DemoNight], tmp_path: Path
) -> None:
    own = tmp_path / "policy.toml"
    own.write_text(POLICY.replace("idle = 9000, low = 9000", "idle = 4000, low = 4000"))
    night = of(begun, own)
    try:
        for step in (pull, validate, features, rescore, decide):
            step.fn(night)
        with under_the_last_documents(night) as other:
            assert other is not None
            assert 4000 in targets(night)
            assert 4000 not in targets(other)
            assert 9000 in targets(other)
    finally:
        close(night)


def test_a_night_under_the_last_documents_is_not_decided_twice(begun: tuple[Path, DemoNight]) -> None:
    with under_the_last_documents(of(begun)) as other:
        assert other is None


def test_a_night_without_its_snapshot_is_not_decided_again(home: Path, tmp_path: Path) -> None:
    batch = again.standing(home)
    folder = home / batch.snapshot
    away = folder.rename(tmp_path / "away")
    try:
        with pytest.raises(NotFound, match="snapshot"), decided_again(home):
            pass
    finally:
        away.rename(folder)
