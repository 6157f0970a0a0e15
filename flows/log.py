"""`linewatch log`: the signed log of the record, and the proofs that can be handed out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from flows import clock
from flows.options import COMMON, Common
from flows.terminal import Reply, refusal
from linewatch.counting import counted
from linewatch.errors import DataRefused

DIFFERS = DataRefused.exit_code

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
        The change_id, as in limit_changes, or the reference that its letter ends with.
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


@log.command
def verify(
    *,
    proof: Path | None = None,
    key: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    against: Annotated[tuple[Path, ...], Parameter(negative="")] = (),
    common: Common = COMMON,
) -> Reply:
    """Recompute the whole record from its files and say what differs, or check one proof. Ends with 2 where
    anything does.

    Parameters
    ----------
    proof
        A proof to check by --key alone: of a change, or of consistency. The home is not looked at.
    key
        A public key that is trusted; without it a home is checked by the key that its own log tells.
    against
        A checkpoint that was kept elsewhere, or a folder of them.
    """
    from tasks.verify_log import verify_home, verify_proof

    if proof is not None:
        return _judged(proof, verify_proof(proof, key, against))
    return _looked_over(verify_home(common.home.absolute(), key, against, _heard))


def _heard(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _judged(proof: Path, verdict: Any) -> Reply:
    because = getattr(verdict, "because", None)
    if because is not None:
        error = DataRefused(f"The proof proves nothing: {because}", where=str(proof))
        return refusal(error)
    return Reply({"status": "proven", **verdict.facts}, "\n".join(verdict.sentences))


def _looked_over(report: Any) -> Reply:
    faults = [{"where": fault.where, "what": fault.what} for fault in report.faults]
    told = {"entries": report.entries, "root": report.root, "key": report.key, "unsigned": report.unsigned}
    content = {"status": "differs" if faults else "whole", "faults": faults, "checked": report.counts, **told}
    checked = ", ".join(f"{name} {count:,}" for name, count in sorted(report.counts.items()))
    if not faults:
        entries = counted(report.entries, "entry", "entries")
        whole = f"All is as it was recorded: {entries}, {report.unsigned:,} not signed yet."
        return Reply(content, f"{whole}\nChecked: {checked}.")
    said = [f"{each.where}: {each.what}{f' [{each.whose}]' if each.whose else ''}" for each in report.faults]
    now = "Put what is named back from a backup; until then trust nothing that rests on it."
    return Reply(content, f"{counted(len(faults), 'fault')}. Checked: {checked}.", DIFFERS, [*said, now])


def _signed(made: Any) -> Reply:
    head = f"{counted(made.size, 'entry', 'entries')}, {'signed now' if made.new else 'signed before'}"
    told = {"size": made.size, "root": made.root, "key": made.key, "new": made.new, "checkpoint": made.note}
    return Reply(told, f"{head}\nkey  {made.key}\n\n{made.note}", said=list(made.notes))
