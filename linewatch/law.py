"""The law of a night: the records that could bind an open line, and what they lack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from linewatch.caps import caps_in_force
from linewatch.documents import Documents
from linewatch.errors import DocumentRefused
from linewatch.profile import Profile
from linewatch.regulation import APPROVED_FOR_MONTHS, Pack, Record

Row = dict[str, Any]
ADD = "Add what each line names, and run the same command again: nothing was decided."
BOUNDS = ("income_from_cents", "income_below_cents", "revenue_from_cents", "revenue_below_cents")


@dataclass(frozen=True)
class Facts:
    """What the night's data say that records of law need."""

    reporting_currency: str
    rate_ppm: Mapping[str, int]
    """Reporting units for one unit of a currency, in millionths."""
    reference_bp: Mapping[str, int]
    """The newest rate of each name."""
    subjects: Sequence[Mapping[str, Any]]
    """The open lines by jurisdiction, borrower_type and product."""
    identity_supplied: bool = True
    """Whether the source knows anybody's identity, in the whole book: a shard may hold nobody known."""


@dataclass(frozen=True)
class Law:
    """Rows of `law_record` and `law_country`, in the order of the law; nothing where there is no law."""

    records: Sequence[Row] = field(default=())
    countries: Sequence[Row] = field(default=())


def bounds_in_force(documents: Documents, as_of: date, facts: Facts) -> tuple[list[Row], Law]:
    """The policy's hard caps and the law of a night. Raises DocumentRefused with the faults of both."""
    caps: list[Row] = []
    law = Law()
    faults: list[str] = []
    try:
        caps = caps_in_force(documents, facts.reporting_currency)
    except DocumentRefused as refused:
        faults += refused.faults
    try:
        law = law_in_force(documents, as_of, facts)
    except DocumentRefused as refused:
        faults += refused.faults
    if faults:
        raise DocumentRefused(faults, what_now=ADD)
    return caps, law


def law_in_force(documents: Documents, as_of: date, facts: Facts) -> Law:
    """The records that could bind an open line of tonight.

    Raises DocumentRefused naming each record that lacks a fact, and packs or countries that the profile
    does not let pass.
    """
    profile = documents.profile
    faults = [*_uncovered_faults(profile, facts), *_unapproved_faults(documents, as_of, facts)]
    rows: list[Row] = []
    for name in sorted(set(profile.packs.values())):
        pack = documents.packs[name]
        subjects = [each for each in facts.subjects if profile.packs.get(each["jurisdiction"]) == name]
        for record in records_in_force(pack, profile, as_of):
            if any(_could_bind(record, subject) for subject in subjects) and _can_be_asked(record, facts):
                lacks = list(_lacks(record, profile, as_of, facts))
                faults += [f"pack {name}: record {record.id}: {lack}" for lack in lacks]
                if not lacks:
                    rows.append({"ordinal": len(rows), "pack": name, **_row(record, profile, facts)})
    if faults:
        raise DocumentRefused(faults, what_now=ADD)
    countries = [{"jurisdiction": country, "pack": pack} for country, pack in sorted(profile.packs.items())]
    return Law(rows, countries)


def records_in_force(pack: Pack, profile: Profile, as_of: date) -> list[Record]:
    """The pack's records that bind on `as_of` under the profile's licence."""
    return [
        record
        for record in pack.record
        if record.binds_on(as_of) and record.licence in (None, profile.licence)
    ]


def unmapped_lines(profile: Profile, subjects: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Open lines by country, of the countries that the profile maps to no pack."""
    found: dict[str, int] = {}
    for subject in subjects:
        country = subject["jurisdiction"]
        if country is not None and country not in profile.packs:
            found[country] = found.get(country, 0) + int(subject["lines"])
    return dict(sorted(found.items()))


def unapproved_packs(
    profile: Profile, packs: Mapping[str, Pack], as_of: date, countries: Sequence[str]
) -> list[str]:
    """The packs of these countries that counsel has not approved within twelve months, by name."""
    names = sorted({profile.packs[each] for each in countries if profile.packs.get(each) in packs})
    return [name for name in names if not _is_approved(packs[name], as_of)]


def _is_approved(pack: Pack, as_of: date) -> bool:
    on = pack.approved_on
    if on is None or on > as_of:
        return False
    return (as_of.year - on.year) * 12 + as_of.month - on.month - (as_of.day < on.day) < APPROVED_FOR_MONTHS


def _could_bind(record: Record, subject: Mapping[str, Any]) -> bool:
    return record.borrower_type in (None, subject["borrower_type"]) and record.product in (
        None,
        subject["product"],
    )


def _can_be_asked(record: Record, facts: Facts) -> bool:
    """A source that knows nobody's identity cannot have it asked; nobody is blocked for that."""
    return facts.identity_supplied or (record.type, record.measure) != ("block", "identity_verified")


def _lacks(record: Record, profile: Profile, as_of: date, facts: Facts) -> Iterator[str]:
    """What nobody told that the record needs, each as a sentence with what to add."""
    for need in record.asks.needs:
        if need in ("net_assets_cents", "tier1_cents"):
            if getattr(profile, need) is None or profile.capital_on is None or profile.capital_on > as_of:
                yield f"needs {need} with a capital_on by {as_of}; add both to the profile"
        elif need == "reference" and record.reference not in facts.reference_bp:
            yield f"needs the rate {record.reference}; add it to reference_rate, dated {as_of} or earlier"
    converts = "currency" in record.asks.needs or record.revenue_from_cents is not None
    if converts or record.revenue_below_cents is not None:
        currency = record.currency or facts.reporting_currency
        if currency not in facts.rate_ppm:
            yield f"needs a rate of {currency}; add it to fx_rate, dated {as_of} or earlier"


def _row(record: Record, profile: Profile, facts: Facts) -> Row:
    ppm = facts.rate_ppm.get(record.currency or facts.reporting_currency, 0)
    row: Row = {
        "record_id": record.id,
        **record.model_dump(
            include={"type", "measure", "value", "for_months", "borrower_type", "product", "age_group"}
        ),
        **{key: getattr(record, key) for key in BOUNDS},
        "currency_ppm": ppm,
        "least_cents": None if record.least_cents is None else record.least_cents * ppm // 1_000_000,
    }
    for key in ("revenue_from_cents", "revenue_below_cents"):
        row[key] = None if row[key] is None else row[key] * ppm // 1_000_000
    row["owner"] = record.measure.split("_")[0] if record.type == "cap" else None
    row["cap_cents"] = _cap_cents(record, profile, ppm)
    row["rate_bp"] = _rate_bp(record, facts)
    return row


def _cap_cents(record: Record, profile: Profile, ppm: int) -> int | None:
    """The same for everybody, in reporting cents; None for what goes by income, and what is no cap."""
    if record.type != "cap" or record.value is None:
        return None
    if record.measure.endswith("_limit_cents"):
        return record.value * ppm // 1_000_000
    if record.measure.endswith("_bp"):
        of = profile.net_assets_cents if "net_assets" in record.measure else profile.tier1_cents
        return (of or 0) * record.value // 10_000
    return None


def _rate_bp(record: Record, facts: Facts) -> int | None:
    if record.type != "rate" or record.value is None:
        return None
    if record.reference is None:
        return record.value
    return facts.reference_bp[record.reference] * record.value // 10_000


def _uncovered_faults(profile: Profile, facts: Facts) -> Iterator[str]:
    if profile.require_pack:
        for country, lines in unmapped_lines(profile, facts.subjects).items():
            yield (
                f"profile {profile.id}: packs: {country} has {lines:,} open lines and no pack, and "
                "require_pack is set; map it to one"
            )


def _unapproved_faults(documents: Documents, as_of: date, facts: Facts) -> Iterator[str]:
    if documents.profile.require_approved_packs:
        countries = [str(subject["jurisdiction"]) for subject in facts.subjects]
        for name in unapproved_packs(documents.profile, documents.packs, as_of, countries):
            yield (
                f"pack {name}: not approved within the {APPROVED_FOR_MONTHS} months up to {as_of}, and "
                "require_approved_packs is set; have counsel approve a version, and say approved_on and "
                "approved_by in it"
            )
