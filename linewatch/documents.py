"""Finding and reading the dated documents that a night obeys, with every fault named at once.

A document is a TOML file with `id`, `version` and `effective_from`; it is never edited after
first use. A night uses, of each id, the newest with effective_from <= as_of. A lender's own
set lies beside its profile, in the folders that `linewatch init` writes; where a folder is
missing the shipped defaults serve.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from linewatch.errors import DocumentRefused
from linewatch.notice import Notices
from linewatch.policy import Policy
from linewatch.profile import Profile
from linewatch.regulation import Pack
from linewatch.scorecard import Scorecard

SHIPPED = Path(__file__).parent
MOST_BYTES = 1_000_000
FORMER = "former_scorecard"

Model = TypeVar("Model", bound=BaseModel)


class Dated(BaseModel):
    """The three keys by which any document is found."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    version: str
    effective_from: date


@dataclass(frozen=True)
class Source:
    """The bytes that a document was read from: what the ledger keeps and replay reads again."""

    kind: str
    id: str
    version: str
    effective_from: date
    sha256: str
    text: str
    path: Path


@dataclass(frozen=True)
class Documents:
    """The documents in force on a night."""

    profile: Profile
    policy: Policy
    scorecards: Mapping[str, Scorecard]
    packs: Mapping[str, Pack]
    notices: Notices
    sources: tuple[Source, ...]
    former_scorecards: Mapping[str, Scorecard] = field(default_factory=dict)
    """By id, while the policy gives grace: the version before the one in force."""

    @property
    def identity(self) -> str:
        """SHA-256 over the kind, id and hash of each: equal documents, equal identity."""
        lines = sorted(f"{source.kind} {source.id} {source.sha256}" for source in self.sources)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    @property
    def notes(self) -> tuple[str, ...]:
        """What a lender with its own profile should know: which shipped documents are in force beside it."""
        if _is_shipped(self.source("profile").path):
            return ()
        shipped: dict[str, list[str]] = {}
        for each in self.sources:
            if each.kind != FORMER and _is_shipped(each.path):
                shipped.setdefault(each.kind, []).append(each.id)
        if not shipped:
            return ()
        told = "; ".join(f"{kind} {', '.join(sorted(ids))}" for kind, ids in shipped.items())
        return (f"a folder is missing beside the profile, so shipped documents are in force: {told}",)

    def source(self, kind: str) -> Source:
        """The one document of this kind."""
        return next(source for source in self.sources if source.kind == kind)

    def sha256(self, kind: str) -> str:
        """The hash of the one document of this kind."""
        return self.source(kind).sha256


def load_documents(
    as_of: date,
    *,
    profile: Path | None = None,
    policy: Path | None = None,
    scorecards: Iterable[Path] = (),
) -> Documents:
    """The documents in force on `as_of`; a file named here is used in place of the search.

    Raises DocumentRefused with the faults of all of them.
    """
    faults: list[str] = []
    folder = profile.parent if profile is not None else SHIPPED
    found = _Finder(as_of, folder, faults)
    profile_pair = found.one("profile", Profile, "profiles", profile)
    policy_pair = found.one("policy", Policy, "policies", policy)
    scorecard_pairs = found.every("scorecard", Scorecard, "scorecards", list(scorecards))
    former = found.before(scorecard_pairs)
    pack_pairs = found.every("regulation", Pack, "regulations", [])
    notice_pair = found.one("notice", Notices, "notices", None)
    if not faults and profile_pair and policy_pair and notice_pair:
        named = policy_pair[0].scorecards.items()
        former = [
            pair
            for pair in former
            if (pair[0].subject, pair[0].id) in named
            and _in_grace(policy_pair[0], pair, scorecard_pairs, as_of)
        ]
        documents = Documents(
            profile=profile_pair[0],
            policy=policy_pair[0],
            scorecards={card.id: card for card, _ in scorecard_pairs},
            packs={pack.id: pack for pack, _ in pack_pairs},
            notices=notice_pair[0],
            sources=tuple(
                pair[1] for pair in (profile_pair, policy_pair, notice_pair, *scorecard_pairs, *pack_pairs)
            )
            + tuple(replace(source, kind=FORMER) for _, source in former),
            former_scorecards={card.id: card for card, _ in former},
        )
        faults += _disagreements(documents)
        if not faults:
            return documents
    raise DocumentRefused(faults)


def _is_shipped(path: Path) -> bool:
    return path.resolve().is_relative_to(SHIPPED.resolve())


def _in_grace(
    policy: Policy,
    former: tuple[Scorecard, Source],
    in_force: Iterable[tuple[Scorecard, Source]],
    as_of: date,
) -> bool:
    """Whether some segment still looks at the version before a card."""
    began = next(card.effective_from for card, _ in in_force if card.id == former[0].id)
    most = max(
        segment.relationship.grace_months
        for segment in policy.segment
        if segment.subject == former[0].subject
    )
    return as_of < months_after(began, most)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or the last of a month that has none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def cards_in_use(documents: Documents) -> list[Scorecard]:
    """The scorecards that the policy names, in the order of their subjects."""
    cards = [
        (subject, documents.scorecards[name]) for subject, name in sorted(documents.policy.scorecards.items())
    ]
    faults = [
        f"policy {documents.policy.id}: scorecards.{subject}:"
        f" {card.id} is a scorecard for {card.subject} borrowers"
        for subject, card in cards
        if card.subject != subject
    ]
    if faults:
        raise DocumentRefused(faults)
    return [card for _, card in cards]


def grace_rows(documents: Documents) -> list[dict[str, Any]]:
    """Rows of the table `grace`: the cards in force that have a version before them."""
    return [
        {"subject": card.subject, "began_on": documents.scorecards[name].effective_from}
        for name, card in sorted(documents.former_scorecards.items())
    ]


def immediate_rows(documents: Documents) -> list[dict[str, Any]]:
    """Rows of the table `immediate_document`: the documents in force that make reviews due at once."""
    countries: dict[str, list[str]] = {}
    for country, pack in sorted(documents.profile.packs.items()):
        countries.setdefault(pack, []).append(country)
    every: list[tuple[Policy | Scorecard | Pack, str | None, str | None]] = [(documents.policy, None, None)]
    every += [
        (documents.scorecards[name], subject, None) for subject, name in documents.policy.scorecards.items()
    ]
    every += [
        (documents.packs[pack], None, country) for pack, known in countries.items() for country in known
    ]
    return [
        {"borrower_type": subject, "jurisdiction": country, "effective_from": document.effective_from}
        for document, subject, country in every
        if document.immediate
    ]


def _disagreements(documents: Documents) -> list[str]:
    """Where one document names what another lacks."""
    named = documents.policy.scorecards.values()
    faults = [
        f"policy {documents.policy.id}: scorecards: no scorecard {card!r} is in force"
        for card in sorted(set(named) - set(documents.scorecards))
    ]
    faults += [
        f"profile {documents.profile.id}: packs.{country}: no pack {pack!r} is in force"
        for country, pack in sorted(documents.profile.packs.items())
        if pack not in documents.packs
    ]
    return faults


class _Finder:
    """Reads files of a kind and keeps what is in force, adding every fault to one list."""

    def __init__(self, as_of: date, folder: Path, faults: list[str]) -> None:
        self.as_of = as_of
        self.folder = folder
        self.faults = faults
        self.seen: list[tuple[Any, Source]] = []
        """Every document in force, the newest of its id or not."""

    def one(
        self, kind: str, model: type[Model], room: str, named: Path | None
    ) -> tuple[Model, Source] | None:
        before = len(self.faults)
        pairs = self.every(kind, model, room, [named] if named else [])
        if pairs:
            return max(pairs, key=lambda pair: (pair[1].effective_from, pair[1].version))
        if len(self.faults) == before:
            self.faults.append(f"{kind}: none in force on {self.as_of}")
        return None

    def every(
        self, kind: str, model: type[Model], room: str, named: list[Path]
    ) -> list[tuple[Model, Source]]:
        """The newest of each id in force; a named file stands in for the searched one of its id."""
        newest: dict[str, tuple[Model, Source]] = {}
        if not (named and kind in ("profile", "policy")):
            for path in self._files(room):
                self._keep(newest, kind, model, path, named=False)
        for path in named:
            self._keep(newest, kind, model, path, named=True)
        return [newest[key] for key in sorted(newest)]

    def before(self, pairs: list[tuple[Model, Source]]) -> list[tuple[Model, Source]]:
        """Of each document its version before: of the same id, the newest that took effect earlier."""
        found = []
        for _, own in pairs:
            earlier = [
                pair
                for pair in self.seen
                if (pair[1].kind, pair[1].id) == (own.kind, own.id)
                and pair[1].effective_from < own.effective_from
            ]
            if earlier:
                found.append(max(earlier, key=lambda pair: pair[1].effective_from))
        return found

    def _files(self, room: str) -> list[Path]:
        own = self.folder / room
        return sorted((own if own.is_dir() else SHIPPED / room).glob("*.toml"))

    def _keep(
        self,
        newest: dict[str, tuple[Model, Source]],
        kind: str,
        model: type[Model],
        path: Path,
        *,
        named: bool,
    ) -> None:
        content = self._content(path)
        if content is None:
            return
        data, text = content
        try:
            dated = Dated.model_validate(data)
        except ValidationError as error:
            self.faults += faults_of(path, error, data)
            dated = None
        if dated is not None and dated.effective_from > self.as_of:
            if named:
                self.faults.append(
                    f"{path}: effective_from: {dated.effective_from} is after the night of {self.as_of}"
                )
            return
        try:
            document = model.model_validate(data)
        except ValidationError as error:
            known = {fault for fault in self.faults if fault.startswith(f"{path}:")}
            self.faults += [fault for fault in faults_of(path, error, data) if fault not in known]
            return
        if dated is None:
            return
        source = Source(
            kind,
            dated.id,
            dated.version,
            dated.effective_from,
            hashlib.sha256(text.encode()).hexdigest(),
            text,
            path,
        )
        self.seen.append((document, source))
        standing = newest.get(dated.id)
        if named or standing is None or standing[1].effective_from < dated.effective_from:
            newest[dated.id] = (document, source)

    def _content(self, path: Path) -> tuple[dict[str, Any], str] | None:
        try:
            if path.stat().st_size > MOST_BYTES:
                self.faults.append(f"{path}: larger than {MOST_BYTES:,} bytes")
                return None
            text = path.read_text(encoding="utf-8")
            return tomllib.loads(text), text
        except OSError as error:
            self.faults.append(f"{path}: {error.strerror}")
        except UnicodeDecodeError:
            self.faults.append(f"{path}: not UTF-8 text")
        except tomllib.TOMLDecodeError as error:
            self.faults.append(f"{path}: not TOML: {error}")
        return None


def faults_of(path: Path, error: ValidationError, data: object = None) -> list[str]:
    """One line a fault: the file, the key as a person would write it, and what is wrong.

    `data` is what the file holds, for the names of what it lists.
    """
    return [f"{path}: {_key(fault['loc'], data)}: {_said(fault)}" for fault in error.errors()]


def _said(fault: ErrorDetails) -> str:
    return "no such key" if fault["type"] == "extra_forbidden" else fault["msg"]


def _key(location: tuple[int | str, ...], data: object) -> str:
    key = ""
    for part in location:
        data = _within(data, part)
        name = data.get("name") if isinstance(data, dict) and isinstance(part, int) else None
        named = f"({name})" if isinstance(name, str) else ""
        key += f"[{part + 1}]{named}" if isinstance(part, int) else f".{part}" if key else part
    return key or "document"


def _within(data: object, part: int | str) -> object:
    if isinstance(data, dict):
        return data.get(part)
    if isinstance(data, list) and isinstance(part, int) and part < len(data):
        return data[part]
    return None
