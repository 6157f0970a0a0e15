"""Checkpoint: sign the head of the log, and leave a copy where no one who has the home can alter it."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from ledger import Ledger, Signed, open_ledger, standing_ledger
from linewatch import chance
from linewatch.checkpoint import SEED, Key, note, origin_of, seed_of, seed_text
from linewatch.errors import DocumentRefused
from linewatch.night import Night
from linewatch.profile import LogPlaces, Profile
from linewatch.room import HALF, home_option, whole
from sql.files import settle

KEY, BEFORE = "LINEWATCH_LOG_KEY", "LINEWATCH_LOG_KEY_BEFORE"
"""The private key, or prefect:NAME of a Secret block that holds it; and the one that signed before it."""
KEY_FILE, NEWEST = "log.key", "checkpoint"
BLOCK = "prefect:"


@dataclass(frozen=True)
class Checkpointed:
    """The head of the log as it stands signed."""

    size: int
    root: str
    note: str
    key: str
    """Its public half, for whoever checks."""
    new: bool
    notes: tuple[str, ...] = ()
    """What a person should know: a key was made, a copy could not be left."""


@task(
    name="checkpoint", task_run_name="checkpoint {night.as_of}", cache_policy=NO_CACHE, persist_result=False
)
def checkpoint(night: Night) -> Checkpointed:
    """Sign what the log has come to, and leave the copy where the profile says."""
    return sign(night.home, night.documents.profile.log, night.recorded_at)


def sign_standing(home: Path, recorded_at: datetime) -> Checkpointed:
    """As `sign`, by the profile of the newest batch: for verbs that add to the record beside a night."""
    return sign(home, places(standing_ledger(home)), recorded_at)


def places(ledger: Ledger) -> LogPlaces:
    """Where copies go, as the profile of the newest batch says."""
    known = ledger.batches()
    text = ledger.document_of(known[-1], "profile") if known else None
    return Profile.model_validate(tomllib.loads(text)).log if text else LogPlaces()


def sign(home: Path, places: LogPlaces, recorded_at: datetime) -> Checkpointed:
    """Sign the head of the log unless it stands signed; leave every copy that the second place lacks.

    Raises DocumentRefused where another key is given than signed before: `rotate` puts a new one on record.
    """
    check_key(home, places)
    ledger = open_ledger(home)
    key, made = signing_key(home, ledger.log.standing().origin or places.origin)
    signed, new = _sign(ledger, (key,), recorded_at)
    _keep(home / NEWEST, signed.note)
    notes = ((made,) if made else ()) + _copy(ledger, places.second)
    return Checkpointed(signed.size, signed.root, signed.note, key.verifier, new, notes)


def rotate(home: Path, by: str, because: str, recorded_at: datetime) -> Checkpointed:
    """Let another key sign from now on, put on record; the key before signs beside it if that is given.

    Raises DocumentRefused where the key has not changed.
    """
    ledger = standing_ledger(home)
    standing = ledger.log.standing()
    key, _ = signing_key(home, standing.origin or places(ledger).origin)
    if standing.key is None or standing.key == key.verifier:
        raise DocumentRefused(
            [f"{KEY}: is the key that signs already" if standing.key else "the log has no key yet"],
            what_now=f"Set {KEY} to the new key, {BEFORE} to the one until now, and run this again.",
        )
    before = _given(BEFORE, os.environ)
    signers = [key] + ([Key(key.origin, before)] if before else [])
    if before and signers[1].verifier != standing.key:
        raise DocumentRefused([f"{BEFORE}: is not the key that signed until now"])
    signed, new = _sign(ledger, tuple(signers), recorded_at, {"by": by, "because": because})
    _keep(home / NEWEST, signed.note)
    alone = () if before else (f"{BEFORE} is not set: the key before did not sign for the new one.",)
    copied = _copy(ledger, places(ledger).second)
    return Checkpointed(signed.size, signed.root, signed.note, key.verifier, new, (*alone, *copied))


def check_key(home: Path, places: LogPlaces) -> None:
    """See before a night that its log can be signed. Raises DocumentRefused for another key, or none."""
    standing = open_ledger(home).log.standing()
    if standing.key is None:
        return
    if _given(KEY, os.environ) is None and not (home / KEY_FILE).exists():
        raise _another(home, standing.key, "no key")
    key, _ = signing_key(home, standing.origin or places.origin)
    if key.verifier != standing.key:
        raise _another(home, standing.key, key.verifier)


def check_standing_key(home: Path) -> None:
    """As `check_key`, by the profile of the newest batch."""
    check_key(home, places(standing_ledger(home)))


def signing_key(home: Path, origin: str) -> tuple[Key, str]:
    """The key that signs, and what is to be said if it was made just now."""
    seed = _given(KEY, os.environ)
    path, made = home / KEY_FILE, ""
    if seed is None:
        if not path.exists():
            _keep_first(path, seed_text(chance.some(SEED)) + "\n")
            made = (
                f"A key that signs the log was made: {path}. Whoever reads it can sign for you. Keep it apart"
                f" from the home ({KEY}, or a Secret block of Prefect), and hand its public half to whoever"
                f" checks: linewatch log checkpoint{home_option(home)}"
            )
        seed = seed_of(path.read_text(encoding="utf-8"), str(path))
    return Key(origin or origin_of(seed), seed), made


def _given(name: str, environment: Mapping[str, str]) -> bytes | None:
    value = environment.get(name, "").strip()
    if value.startswith(BLOCK):
        from prefect.blocks.system import Secret

        named = value.removeprefix(BLOCK)
        try:
            block = Secret.load(named)
        except ValueError:
            raise DocumentRefused(
                [f"${name}: Prefect has no Secret block {named!r}"],
                what_now="Nothing was changed. Make it on Prefect's pages (Blocks), or give the key itself.",
            ) from None
        value = str(block.get())  # type: ignore[union-attr]
    return seed_of(value, f"${name}") if value else None


def _sign(
    ledger: Ledger, keys: tuple[Key, ...], recorded_at: datetime, told: Mapping[str, str] | None = None
) -> tuple[Signed, bool]:
    key = keys[0]
    signed = ledger.log.sign(
        key.origin,
        key.verifier,
        lambda size, root: note(key.origin, size, root, keys),
        recorded_at,
        told=told,
    )
    if signed is None:
        raise _another(ledger.home, str(ledger.log.standing().key), key.verifier)
    return signed


def _keep(path: Path, text: str) -> None:
    """Leave a file that its owner alone reads, whole or not at all, also after a power cut."""
    with whole(path) as half:
        handle = os.open(half, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        settle(half)
    settle(path.parent)


def _keep_first(path: Path, text: str) -> None:
    """As `_keep`, unless somebody else left one at the same moment: theirs stands."""
    other = path.with_name(f"{path.name}.made.{os.getpid()}{HALF}")
    _keep(other, text)
    try:
        os.link(other, path)
    except FileExistsError:
        pass
    except OSError:  # no second names on this file system
        _keep(path, text)
    finally:
        other.unlink()
    settle(path.parent)


def _copy(ledger: Ledger, second: str) -> tuple[str, ...]:
    """Leave the checkpoints that the second place lacks; one that is there is never written again."""
    if not second:
        return ()
    folder = Path(second)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for signed in ledger.log.checkpoints():
            path = folder / f"{signed.size:010}-{signed.root[:16]}.txt"
            if not path.exists():
                _keep(path, signed.note)
    except OSError as error:
        return (
            f"The checkpoint could not be copied to {second}: {error.strerror or type(error).__name__}."
            " It stands in the home; the next one copies all that are missing.",
        )
    return ()


def _another(home: Path, told: str, given: str) -> DocumentRefused:
    return DocumentRefused(
        [f"the key that signs the log has changed: on record is {told}, given is {given}"],
        what_now=f"Give the key on record ({KEY} or {home / KEY_FILE}). If the change is meant: linewatch log"
        f" rotate --by NAME --because TEXT{home_option(home)}",
    )
