"""What many commands take, and how it becomes the request of a night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter, validators

from flows.request import Request

AT_LEAST_ONE = validators.Number(gte=1)
THREADS = validators.Number(gte=1, lte=1024)
SHARDS = validators.Number(gte=1, lte=4096)
SHARE = validators.Number(gte=0, lte=1)


@Parameter(name="*")
@dataclass(frozen=True)
class Common:
    """What every command takes."""

    home: Annotated[Path, Parameter(env_var="LINEWATCH_HOME")] = Path("var")
    """Folder of the ledger, the batches and what people open."""
    json: Annotated[bool, Parameter(negative="")] = False
    """Answer with one JSON object on standard output, and nothing else there."""
    debug: Annotated[bool, Parameter(negative="")] = False
    """Show tracebacks and what Prefect says."""


@Parameter(name="*")
@dataclass(frozen=True)
class Papers:
    """Documents used in place of those found beside the profile."""

    profile: Path | None = None
    """The lender's profile; the folders beside it hold its other documents."""
    policy: Path | None = None
    """A risk policy."""
    scorecard: Annotated[tuple[Path, ...], Parameter(negative="")] = ()
    """A scorecard; may be given again for each subject."""


@Parameter(name="*")
@dataclass(frozen=True)
class Parts:
    """In how many parts a night decides, and where. The decisions depend on neither."""

    shards: Annotated[int | None, Parameter(validator=SHARDS)] = None
    """Parts that the borrowers are decided in; left out, as many as memory asks for."""
    dask: str | None = None
    """A Dask cluster that decides the shards: its address, or `local` for one of this machine's own."""
    store: str | None = None
    """Where the cluster's machines find what is dealt to them: a shared folder, or an address of fsspec."""


COMMON = Common()
PAPERS = Papers()
PARTS = Parts()


def request_of(
    source: str,
    as_of: date | None,
    threads: int | None,
    papers: Papers,
    common: Common,
    parts: Parts = PARTS,
    *,
    revise: bool = False,
    full: bool = False,
) -> Request:
    return Request(
        source=source,
        as_of=as_of,
        home=str(common.home.absolute()),
        profile=_name(papers.profile),
        policy=_name(papers.policy),
        scorecards=tuple(str(card) for card in papers.scorecard),
        threads=threads,
        revise=revise,
        full=full,
        shards=parts.shards,
        dask=parts.dask,
        store=parts.store,
    )


def _name(path: Path | None) -> str | None:
    return str(path) if path else None
