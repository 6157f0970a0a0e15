"""Batches: how one becomes known, is let through or thrown away, and which may come next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from ledger.engine import home_of
from ledger.event import Event
from ledger.rows import Approval, Batch, NewBatch, as_json, batch_of
from ledger.schema import COMMITTED, DISCARDED, HELD, approval, batch, document
from ledger.successors import gone_since, in_force
from linewatch.documents import Source
from linewatch.errors import NightHeld, NightRefused, NotFound
from linewatch.room import home_option

NIGHT, REVISION, SETTLEMENT = "night", "revision", "settlement"
WHOLE = (NIGHT, REVISION)
"""Batches that decide every line of a day: the night, and each revision of it, which stands in its stead."""
MOVES = {"approve": COMMITTED, "discard": DISCARDED, "protective": DISCARDED}
"""Where what a person does leaves the held night."""
OF_PEOPLE = {
    "reversal": "Two people set lines back by that, and a revision would set them otherwise again.",
    "protective": "A person blocked lines by that, and a revision would let them be drawn on again.",
    "settlement": "People decided cases by that, and a revision would set their lines otherwise again.",
}
"""Batches upon a night that its revision must not undo, with why."""
WHO = "--by NAME --because TEXT"


def newest_committed(connection: sa.Connection, before: date | None = None) -> Batch | None:
    """The committed night of the latest as_of, or of the latest before a day, as it was last revised."""
    query = sa.select(batch).where(batch.c.kind.in_(WHOLE), batch.c.state == COMMITTED)
    if before is not None:
        query = query.where(batch.c.as_of < before)
    return _first(connection, query.order_by(batch.c.as_of.desc(), batch.c.seq.desc()))


def held(connection: sa.Connection) -> Batch | None:
    return _first(connection, sa.select(batch).where(batch.c.state == HELD))


def of_night(connection: sa.Connection, as_of: date, *, held_too: bool = True) -> Batch | None:
    """The committed or held night of this as_of, as it was last revised."""
    query = _versions(as_of).order_by(batch.c.seq.desc())
    if not held_too:
        query = query.where(batch.c.state == COMMITTED)
    return _first(connection, query)


def first_of_night(connection: sa.Connection, as_of: date) -> Batch | None:
    """The night of this as_of as it was decided first: its revisions stand on what it stood on."""
    return _first(connection, _versions(as_of).order_by(batch.c.seq))


def versions(connection: sa.Connection, as_of: date, before: Batch | None = None) -> list[Batch]:
    """The committed night of this as_of and its revisions, in order; of a named one, those before it."""
    query = _versions(as_of).where(batch.c.state == COMMITTED)
    if before is not None:
        query = query.where(batch.c.seq < before.seq)
    return in_force(connection, connection.execute(query.order_by(batch.c.seq)))


def _versions(as_of: date) -> sa.Select[Any]:
    return sa.select(batch).where(batch.c.kind.in_(WHOLE), batch.c.as_of == as_of, batch.c.state != DISCARDED)


def standing(connection: sa.Connection, as_of: date | None, *, held_too: bool) -> Batch:
    """The night of a day, None: the newest committed. Raises NotFound."""
    newest = newest_committed(connection)
    found = newest if as_of is None else of_night(connection, as_of, held_too=held_too)
    if found is not None:
        return found
    nothing = "No night is committed in this home."
    if as_of is not None:
        nothing = f"This home has no{'' if held_too else ' committed'} night of {as_of}."
    home = home_of(connection)
    raise NotFound(nothing, where=str(home), what_now=_what_stands(connection, as_of, home_option(home)))


def _what_stands(connection: sa.Connection, as_of: date | None, option: str) -> str:
    """What there is instead of a night that is not committed, and what to type."""
    newest, waiting = newest_committed(connection), held(connection)
    if waiting is not None and (newest is None or as_of == waiting.as_of):
        return (
            f"The night of {waiting.as_of} is held: it is not in force before somebody approves it. "
            f"linewatch status{option} shows why and what to type."
        )
    if newest is not None:
        return f"The newest committed night is {newest.as_of}; linewatch status{option} shows what stands."
    return f"Run one first: linewatch night --as-of DAY --source SPEC{option}"


def of_seq(connection: sa.Connection, seq: int) -> Batch:
    return in_force(connection, connection.execute(sa.select(batch).where(batch.c.seq == seq)))[0]


def after(connection: sa.Connection, newest: Batch | None, own: Batch | None) -> list[Batch]:
    """What was committed upon the newest night and is not a night: reversals, blocks of a held night.

    With a batch of one's own, only what was known before it.
    """
    query = sa.select(batch).where(batch.c.kind.not_in(WHOLE), batch.c.state == COMMITTED)
    if newest is not None:
        query = query.where(batch.c.seq > newest.seq)
    if own is not None:
        query = query.where(batch.c.seq < own.seq)
    return in_force(connection, connection.execute(query.order_by(batch.c.seq)))


def every(connection: sa.Connection, *, state: str | None = None, since: date | None = None) -> list[Batch]:
    """Batches in the order in which they became known; `since` is inclusive."""
    query = sa.select(batch).order_by(batch.c.seq)
    if state is not None:
        query = query.where(batch.c.state == state)
    if since is not None:
        query = query.where(batch.c.as_of >= since)
    return in_force(connection, connection.execute(query))


def pruned_on(connection: sa.Connection, known: Batch, name: str) -> date | None:
    """The day on which a file of a batch was pruned; None: it was not."""
    since = gone_since(connection, known, name) if name in known.gone else None
    return since.date() if since is not None else None


def check_there(connection: sa.Connection, known: Batch, names: Iterable[str]) -> None:
    """Raise NotFound, saying since when, if one of these files of a batch was pruned."""
    name = next((each for each in names if each in known.gone), None)
    if name is None:
        return
    kind = "snapshot" if name == "manifest" else f"file of {name}"
    option = home_option(home_of(connection))
    raise NotFound(
        f"The {kind} of {known.batch} was pruned on {pruned_on(connection, known, name)}.",
        where="The profile's retention let it go. The night's record and the hashes of its decisions stay.",
        what_now=f"It is gone for good. linewatch status{option} shows which nights stand; name a later one.",
    )


def refuse_while_held(connection: sa.Connection) -> None:
    """Raise NightHeld while any night waits for a person: what it was decided from must not change."""
    waiting = held(connection)
    if waiting is not None:
        home = home_option(home_of(connection))
        raise NightHeld(
            f"The night of {waiting.as_of} is held and waits for a person; until then no night may run.",
            where="".join(f"  {because}\n" for because in waiting.held_because).rstrip(),
            what_now=f"Look at its report, then: linewatch approve {waiting.as_of} {WHO}{home}"
            f"\n               or: linewatch discard {waiting.as_of} {WHO}{home}",
        )


def may_run(connection: sa.Connection, as_of: date) -> Batch | None:
    """The night already committed for this as_of, if there is one; None if the as_of is free.

    Raises NightHeld while any night waits for a person, NightRefused for an as_of before the
    newest committed night.
    """
    refuse_while_held(connection)
    newest = newest_committed(connection)
    if newest is not None and as_of < newest.as_of:
        raise NightRefused(
            f"The night of {as_of} comes before the newest committed night, {newest.as_of}.",
            where="Nights commit in order of as_of: a later night already stands on the ones before it.",
            what_now=f"Nothing was changed. Run a night after {newest.as_of}.",
        )
    return newest if newest is not None and newest.as_of == as_of else None


def same_or_refuse(
    connection: sa.Connection, standing: Batch, source_identity: str, documents_identity: str, *, revise: bool
) -> bool:
    """Whether the standing night was decided from these inputs; if not, it may be revised.

    Raises NightRefused for other inputs where nobody asked for a revision, or where people have undone
    something upon the night: a revision would undo that.
    """
    differs = [
        what
        for what, now, then in (
            ("the source's data", source_identity, standing.source_identity),
            ("the documents", documents_identity, standing.documents_identity),
        )
        if now != then
    ]
    if not differs:
        return True
    if revise:
        _refuse_over_people(connection, standing)
        return False
    raise NightRefused(
        f"The night of {standing.as_of} is already committed, from other inputs: "
        f"{' and '.join(differs)} differ.",
        where=f"Committed as {standing.batch}; its decisions stand, and nothing was changed.",
        what_now="Run the next night, which starts from this one's limits; or, if this one was wrong, the"
        " same command with --revise.",
    )


def _refuse_over_people(connection: sa.Connection, standing: Batch) -> None:
    upon = [each for each in after(connection, standing, None) if each.kind in OF_PEOPLE]
    if upon:
        raise NightRefused(
            f"The night of {standing.as_of} cannot be revised: {upon[-1].batch} was committed upon it.",
            where=OF_PEOPLE[upon[-1].kind],
            what_now="Nothing was changed. Run the next night: it reviews every line from where it stands.",
        )


def add(
    event: Event, new: NewBatch, documents: Iterable[Source] = (), tree: Mapping[str, Any] | None = None
) -> Batch:
    """The batch and its documents as rows. The checks of `may_run` hold in this transaction too.

    `tree` is that of its leaves, as docs/log.md has it.
    """
    connection = event.connection
    if new.kind == NIGHT and (standing := may_run(connection, new.as_of)) is not None:
        raise NightRefused(
            f"The night of {standing.as_of} was committed by somebody else meanwhile, as {standing.batch}.",
            what_now="Nothing was changed.",
        )
    if new.kind != NIGHT:
        refuse_while_held(connection)
    if new.kind == REVISION:
        _check_revises(connection, new)
    if new.kind == SETTLEMENT:
        _check_upon(connection, new)
    used = tuple(documents)
    _keep_documents(event, used)
    state = HELD if new.held_because else COMMITTED
    row = event.add(
        batch,
        batch=new.batch,
        kind=new.kind,
        as_of=new.as_of,
        state=state,
        root=new.root,
        source=new.source,
        source_identity=new.source_identity,
        documents_identity=new.documents_identity,
        documents=as_json(_named(new, used)),
        snapshot=new.snapshot,
        folder=new.folder,
        files=as_json({name: stored.as_dict() for name, stored in new.files.items()}),
        counts=as_json(new.counts),
        held_because=as_json(new.held_because),
        version=new.version,
        recorded_at=event.recorded_at,
    )
    if tree is not None:
        event.fact(tree=dict(tree))
    return batch_of(row)


def _check_revises(connection: sa.Connection, new: NewBatch) -> None:
    """What was true when the revision was begun must be true where it becomes known."""
    newest = newest_committed(connection)
    if newest is None or newest.seq != new.counts["revises"]:
        raise NightRefused(
            f"Another batch was committed while the night of {new.as_of} was revised.",
            what_now="Nothing was changed. See linewatch status, then run the same command again.",
        )
    _refuse_over_people(connection, newest)


def _check_upon(connection: sa.Connection, new: NewBatch) -> None:
    """The night that a settlement was decided on must be the newest where it becomes known."""
    newest = newest_committed(connection)
    if newest is None or newest.seq != new.counts["of"]:
        raise NightRefused(
            f"Another night was committed while cases were settled upon the night of {new.as_of}.",
            what_now="Nothing was changed. Run the same command again.",
        )


def waiting_for(connection: sa.Connection, as_of: date) -> Batch:
    """The held night of this as_of. Raises NotFound."""
    waiting = held(connection)
    if waiting is None or waiting.as_of != as_of:
        other = f" The night of {waiting.as_of} is." if waiting is not None else ""
        raise NotFound(
            f"The night of {as_of} is not held.{other}",
            what_now=f"linewatch status{home_option(home_of(connection))} shows what waits.",
        )
    return waiting


def move(event: Event, as_of: date, who: Approval) -> Batch:
    """The held night, now committed or discarded, with who did it and why."""
    waiting, state = waiting_for(event.connection, as_of), MOVES[who.action]
    event.connection.execute(batch.update().where(batch.c.seq == waiting.seq).values(state=state))
    event.fact(state={"batch": waiting.seq, "to": state})
    sign(event, waiting, who)
    return of_seq(event.connection, waiting.seq)


def sign(event: Event, known: Batch, who: Approval) -> None:
    """Put on record what a person did to a batch."""
    event.add(
        approval,
        batch_seq=known.seq,
        action=who.action,
        by=who.by,
        registered=who.registered,
        because=who.because,
        recorded_at=who.recorded_at,
    )


def signatures(connection: sa.Connection, known: Batch) -> list[Approval]:
    """What people did to a batch, in the order in which they did."""
    query = sa.select(approval).where(approval.c.batch_seq == known.seq).order_by(approval.c.seq)
    return [
        Approval(row.action, row.by, row.registered, row.because, row.recorded_at)
        for row in connection.execute(query)
    ]


def _keep_documents(event: Event, used: tuple[Source, ...]) -> None:
    """Each text once; a night names its documents by hash."""
    kept = event.connection.execute(sa.select(document.c.kind, document.c.sha256))
    known = {(row.kind, row.sha256) for row in kept}
    for source in sorted(used, key=lambda each: (each.kind, each.id)):
        if (source.kind, source.sha256) in known:
            continue
        event.add(
            document,
            sha256=source.sha256,
            kind=source.kind,
            id=source.id,
            version=source.version,
            effective_from=source.effective_from,
            text=source.text,
            recorded_at=event.recorded_at,
        )


def _named(new: NewBatch, used: tuple[Source, ...]) -> list[str]:
    """The hashes of the documents in force: those given, or those that an earlier batch kept."""
    return sorted(source.sha256 for source in used) or sorted(new.documents)


def _first(connection: sa.Connection, query: sa.Select[Any]) -> Batch | None:
    found = in_force(connection, connection.execute(query.limit(1)))
    return found[0] if found else None
