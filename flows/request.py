"""What a person or a schedule asks of a night, and how it becomes a `Night`."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flows.clock import day_that_ended
from linewatch.documents import load_documents
from linewatch.errors import DocumentRefused
from linewatch.night import Night
from linewatch.spec import refuse_password

DAY = "{as_of}"
FIRST, LAST = date(1990, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True)
class Request:
    """The parameters of `nightly_review`, all of them JSON-able."""

    source: str
    as_of: date | None = None
    home: str | None = None
    profile: str | None = None
    policy: str | None = None
    scorecards: tuple[str, ...] = ()
    threads: int | None = None
    revise: bool = False
    full: bool = False
    shards: int | None = None
    dask: str | None = None
    store: str | None = None

    def __post_init__(self) -> None:
        """Refuse what must not reach a log or Prefect's database, and days that no calendar goes on from."""
        for address in (self.source, self.store, self.dask):
            refuse_password(address or "")
        if self.as_of is not None and not FIRST <= self.as_of <= LAST:
            raise DocumentRefused(
                [f"as_of: {self.as_of} is not a day from {FIRST} to {LAST}"],
                what_now="Name the day to review: --as-of 2026-11-21",
            )

    @property
    def folder(self) -> Path:
        """The home, absolute: the one named, else $LINEWATCH_HOME, else ./var."""
        return Path(self.home or os.environ.get("LINEWATCH_HOME") or "var").absolute()

    def on(self, as_of: date) -> Request:
        return replace(self, as_of=as_of)

    def day(self, moment: datetime) -> date:
        """The day to review: the one asked for, the last one of a public data set, or the one that had ended
        at `moment` in the lender's zone.
        """
        if self.as_of is not None:
            return self.as_of
        from tasks.source import default_as_of

        of_data_set = default_as_of(self.source)
        if of_data_set is not None:
            return of_data_set
        documents = load_documents(moment.date(), profile=_path(self.profile))
        return day_that_ended(moment, documents.profile.zone)

    def night(self, *, scheduled: datetime, recorded_at: datetime) -> Night:
        """The night as every step is given it. Raises DocumentRefused with every fault of the documents.

        `{as_of}` in the source stands for the day, for lenders whose nights arrive in a folder each.
        """
        as_of = self.day(scheduled)
        return Night(
            as_of=as_of,
            home=self.folder,
            source=self.source.replace(DAY, as_of.isoformat()),
            documents=load_documents(
                as_of,
                profile=_path(self.profile),
                policy=_path(self.policy),
                scorecards=[Path(card) for card in self.scorecards],
            ),
            recorded_at=recorded_at,
            threads=self.threads,
            revise=self.revise,
            full=self.full,
            shards=self.shards,
            dask=self.dask,
            store=self.store,
            named=self.named,
        )

    def parameters(self) -> dict[str, Any]:
        """What the flow is called with; paths are absolute, so that another process finds the same files."""
        return {
            "as_of": self.as_of,
            "source": absolute_source(self.source),
            "home": str(self.folder),
            "profile": _absolute(self.profile),
            "policy": _absolute(self.policy),
            "scorecards": [str(Path(card).absolute()) for card in self.scorecards],
            "threads": self.threads,
            "revise": self.revise,
            "full": self.full,
            "shards": self.shards,
            "dask": self.dask,
            "store": self.store,
        }

    @property
    def named(self) -> tuple[str, ...]:
        """The words that were typed beside day, source, home, --revise and --full."""
        papers = [("--profile", self.profile), ("--policy", self.policy)]
        papers += [("--scorecard", card) for card in self.scorecards]
        parts = [("--threads", self.threads), ("--shards", self.shards)]
        parts += [("--dask", self.dask), ("--store", self.store)]
        return tuple(
            word for option, value in (*papers, *parts) if value is not None for word in (option, str(value))
        )


def absolute_source(source: str) -> str:
    """SPEC with the path in it made absolute; an address is left as it is."""
    if "://" in source:
        return source
    name, colon, path = source.partition(":")
    if colon and name.isidentifier():
        return f"{name}:{Path(path).absolute()}"
    return str(Path(source).absolute())


def _path(name: str | None) -> Path | None:
    return Path(name) if name else None


def _absolute(name: str | None) -> str | None:
    return str(Path(name).absolute()) if name else None
