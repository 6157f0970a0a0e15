"""`linewatch log`: the signed log of the record, and the proofs that can be handed out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cyclopts import App

from flows import clock
from flows.options import COMMON, Common
from flows.terminal import Reply

log = App(name="log", help="The signed log of the record.")


@log.command
def checkpoint(*, common: Common = COMMON) -> Reply:
    """Sign what the log has come to, and print the checkpoint and the public key."""
    from tasks.checkpoint import sign_standing

    return _signed(sign_standing(common.home.absolute(), clock.now()))


@log.command
def rotate(*, by: str, because: str, common: Common = COMMON) -> Reply:
    """Let another key sign from now on: LINEWATCH_LOG_KEY, beside the one before (LINEWATCH_LOG_KEY_BEFORE).

    Parameters
    ----------
    by
        Who changes the key.
    because
        Why, for the record.
    """
    from tasks.checkpoint import rotate as verb

    return _signed(verb(common.home.absolute(), by, because, clock.now()))


@log.command
def prove(change: str, *, out: Path | None = None, common: Common = COMMON) -> Reply:
    """Write the proof of a change, and a page that tells a person how to check it.

    Parameters
    ----------
    change
        The change_id, as in limit_changes.
    out
        The folder to write into; left out, proofs/ under the home's out/.
    """
    from tasks.checkpoint import sign_standing
    from tasks.log_proof import prove as verb

    home = common.home.absolute()
    sign_standing(home, clock.now())
    made = verb(home, change, out or home / "out" / "proofs")
    paths = {"proof": str(made.proof), "page": str(made.page)}
    words = f"{made.change_id}, of {made.batch}\n  proof  {made.proof}\n  page   {made.page}"
    return Reply({"change_id": made.change_id, "batch": made.batch, "paths": paths}, words)


@log.command
def consistency(old: int, new: int, *, out: Path | None = None, common: Common = COMMON) -> Reply:
    """Write what shows that the log at one checkpoint begins with what it was at an earlier one.

    Parameters
    ----------
    old
        Entries that the earlier checkpoint covers.
    new
        Entries that the later one covers.
    out
        The folder to write into; left out, proofs/ under the home's out/.
    """
    from tasks.log_proof import prove_consistency

    home = common.home.absolute()
    path = prove_consistency(home, old, new, out or home / "out" / "proofs")
    return Reply({"old": old, "new": new, "paths": {"proof": str(path)}}, f"proof  {path}")


def _signed(made: Any) -> Reply:
    head = f"{made.size:,} entries, {'signed now' if made.new else 'signed before'}"
    told = {"size": made.size, "root": made.root, "key": made.key, "new": made.new, "checkpoint": made.note}
    return Reply(told, f"{head}\nkey  {made.key}\n\n{made.note}", said=list(made.notes))
