"""The night, in the order of the runbook (docs/runbook.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

from prefect import Task, flow
from prefect.context import FlowRunContext
from prefect.runtime import flow_run
from prefect.states import Completed, State
from pydantic import Field

from flows import clock, zombies
from flows.advising import advise_night as advise
from flows.again import under_the_last_documents
from flows.attributing import attribute_night as attribute
from flows.outcome import for_people, handed_out, keep, of_error, outcome
from flows.request import Request
from flows.settling import settle_before
from flows.shards import ORDER, Sharded, check_parts, decide_in_shards, refer_failed
from flows.steps import STEPS, NightLog, Steps, Told, Watcher
from linewatch.errors import DataRefused, DocumentRefused, LinewatchError
from linewatch.night import Night
from linewatch.receipt import Receipt
from linewatch.room import disk_told, keep_private
from tasks import promise
from tasks import revise as revising
from tasks.checkpoint import check_key, checkpoint
from tasks.commit import commit
from tasks.deal import shards_of
from tasks.draft import Drafted, draft, write_revised
from tasks.expire import expire
from tasks.export import export
from tasks.guard import Guarded, guard
from tasks.letters.outbox import write_outbox
from tasks.lock import one_at_a_time
from tasks.notify import notify
from tasks.publish import publish
from tasks.pull import pull
from tasks.reconcile import reconcile
from tasks.refer import refer
from tasks.report import report
from tasks.summarise import begin_progress, show_progress, summarise
from tasks.sweep import close, sweep
from tasks.validate import load_expectations, validate

Source = Annotated[str, Field(min_length=1)]
Threads = Annotated[int | None, Field(ge=1, le=1024)]
Shards = Annotated[int | None, Field(ge=1, le=4096)]


def run_name() -> str:
    """night-2026-11-21, also where the day was left out."""
    try:
        return f"night-{_request(flow_run.parameters).day(_scheduled())}"
    except LinewatchError:
        return "night-refused"


@flow(name=zombies.FLOW, flow_run_name=run_name, persist_result=False)
def nightly_review(
    as_of: date | None = None,
    source: Source = "inbox/{as_of}",
    home: str | None = None,
    profile: str | None = None,
    policy: str | None = None,
    scorecards: list[str] | None = None,
    threads: Threads = None,
    revise: bool = False,
    full: bool = False,
    shards: Shards = None,
    dask: str | None = None,
    store: str | None = None,
) -> dict[str, Any] | State[dict[str, Any]]:
    """Review every open line as it stood at the end of `as_of`.

    Args:
        as_of: The day to review; left out, the day before the scheduled time in the profile's zone.
        source: A folder in the contract, {as_of} in it standing for the day, postgresql://user@host/db
            without a password, or NAME:PATH of a mapping.
        home: Folder of the ledger and the batches; left out, $LINEWATCH_HOME, else ./var.
        profile: The lender's profile; left out, the shipped one.
        policy: A risk policy in place of the one in force.
        scorecards: Scorecards in place of those in force.
        threads: Threads of DuckDB; the decisions do not depend on it.
        revise: Where the newest night was decided from other data or documents, decide it again from these.
        full: Read all of the source, and share no file with an earlier night's snapshot.
        shards: Parts that the borrowers are decided in; left out, as many as memory asks for. The decisions
            do not depend on it.
        dask: The address of a Dask cluster that decides the shards, or `local` for one of this machine's own.
        store: Where the cluster's machines find what is dealt: a shared folder, or an fsspec address.
    """
    request = _request(locals())
    keep_private()  # a worker of your own starts a night as it likes
    night = request.night(scheduled=_scheduled(), recorded_at=clock.now())
    with told(night), disk_told(night.home), one_at_a_time(night), closed(night), steps(night) as run:
        check_parts(night)
        check_key(night.home, night.documents.profile.log)
        load_expectations()
        run.notes += [*night.documents.notes, *settle_before(night)]
        pulled = run(pull)
        if pulled.unchanged and handed_out(night, pulled.unchanged):
            return ended(run, pulled.unchanged, unchanged=True)
        validated = run(validate)
        run(reconcile)
        revises = pulled.unchanged is None and revising.begin(night)
        sharded = decide_night(run)
        guarded = guard_night(run)
        run(attribute, bool(revises))
        run(advise)
        draft_night(run, sharded, revises=revises)
        refer_night(run, revises=revises)
        receipt = run(commit, guarded.tripped)
        made, undelivered, queue = hand_out(run, receipt)
        run(summarise, receipt, validated.results, made["report"], queue)
        return ended(run, receipt, made, undelivered)


def decide_night(run: Steps) -> Sharded | None:
    """Features, scores and decisions: as one, or in shards where memory or a cluster asks for it."""
    shards = shards_of(run.night)
    if shards == 1:
        for step in ORDER:
            run(step)
        return None
    return run.named("decide", lambda: decide_in_shards(run.night, shards))


def guard_night(run: Steps) -> Guarded:
    """Measure the guards; where the documents are not the last night's, decide tonight under those too."""
    with ExitStack() as aside:
        try:
            return run(guard, aside.enter_context(under_the_last_documents(run.night)))
        except (DocumentRefused, DataRefused) as refused:
            return run(guard, None, f"the last night's documents cannot be used any more: {refused.what}")


def draft_night(run: Steps, sharded: Sharded | None, *, revises: bool) -> None:
    """Letters, and a person for each line whose letter fails; a revision also corrects what was told."""
    if run(draft).failed:
        if sharded is not None:
            refer_failed(sharded)
        run.named("advise", lambda: promise.without_failed(run.night))
    if revises:
        run.named("draft", lambda: correct(run.night))


def correct(night: Night) -> Drafted:
    """Find the lines that a revision leaves otherwise than they stand, and draft what they are told."""
    revising.compare(night)
    return write_revised(night)


def refer_night(run: Steps, *, revises: bool) -> None:
    """Cases; those of a revision that were closed since the night are opened anew."""
    run(refer)
    if revises:
        revising.open_anew(run.night)


def hand_out(
    run: Steps, receipt: Receipt
) -> tuple[dict[str, Path], list[dict[str, Any]], tuple[dict[str, Any], ...]]:
    """Publish, expire, export and report a night: as often as you like, to the same effect. Of a held night
    nothing goes out but the report. Returned are the files for people, the changes that stay due, and the
    queue at a glance.
    """
    made, undelivered, queue = {}, [], ()
    if receipt.status == "committed":
        undelivered = [asdict(each) for each in run(publish).undelivered]
        run(expire)
    run(checkpoint)
    if receipt.status == "committed":
        exported = run(export, write_outbox)
        files = ("queue_xlsx", "queue_csv", "drafts", "outbox")
        made = {name: getattr(exported, name) for name in files}
        queue = exported.queue
    return made | {"report": run(report).report}, undelivered, queue


def ended(
    run: Steps,
    receipt: Receipt,
    made: dict[str, Path] | None = None,
    undelivered: Iterable[dict[str, Any]] = (),
    *,
    unchanged: bool = False,
) -> dict[str, Any] | State[dict[str, Any]]:
    """The night as an object; the hook is told if it is held, which Prefect shows, or not delivered."""
    found = outcome(
        run.night,
        receipt,
        usage=run.usage,
        made=made,
        unchanged=unchanged,
        notes=run.notes,
        undelivered=undelivered,
    )
    run.log.note("ended", **found)
    if not unchanged:
        keep(run.night, found)
    if found["undelivered"]:
        _call(run.night, found)
    if receipt.status != "held":
        return found
    _call(run.night, found)
    return Completed(name="Held", message="; ".join(receipt.held_because), data=found)


@contextmanager
def told(night: Night) -> Iterator[None]:
    """A night that fails or is refused is noted in its log, and told to the profile's hook."""
    try:
        yield
    except Exception as error:
        log = NightLog(night)
        found = of_error(night, error, log.path)
        log.note("ended", **found, said=str(error))
        _call(night, found)
        raise


@contextmanager
def steps(night: Night) -> Iterator[Steps]:
    """A clean start, and a way to run the steps. Data that are refused leave a report that shows why, unless
    the night stands handed out with other data.
    """
    zombies.bury(night.home)
    run = Steps(night, sweep(night).notes, watcher=on_prefects_pages(), call=one_after_the_other())
    try:
        yield run
    except DataRefused:
        if not for_people(night):
            with suppress(Exception):
                run(report)
        raise


def on_prefects_pages() -> Watcher:
    """A progress bar among the run's artifacts."""
    bar = begin_progress()

    def show(told: Told) -> None:
        done = told.position + (told.seconds is not None)
        show_progress(bar, 100 * done / len(STEPS), told.step)

    return show


def one_after_the_other() -> Callable[..., Any]:
    """Calls a task, and tells Prefect that it came after the one before, so that its pages show the order.

    Prefect would infer the order from which task returned which object, and take small numbers, one object
    for all of Python, for results handed on.
    """
    before: list[State[Any]] = []

    def call(task: Task[..., Any], *arguments: Any) -> Any:
        context = FlowRunContext.get()
        if context is not None:
            context.run_results.clear()
        state = task(*arguments, wait_for=before[-1:], return_state=True)
        if state.is_completed():  # what follows a failed one, a refused night's report, would never start
            before.append(state)
        return state.result()

    return call


@contextmanager
def closed(night: Night) -> Iterator[None]:
    """However the night ends, its scratch is closed and taken away."""
    try:
        yield
    finally:
        close(night)


def _call(night: Night, found: dict[str, Any]) -> None:
    for failure in notify(night.documents.profile.hook, found):
        NightLog(night).note("hook", failure=failure)


def _request(given: dict[str, Any]) -> Request:
    return Request(**{**given, "scorecards": tuple(given.get("scorecards") or ())})


def _scheduled() -> datetime:
    """When the run was meant to start: a late run still reviews the day it was scheduled for."""
    scheduled: datetime | None = flow_run.scheduled_start_time
    return scheduled or clock.now()
