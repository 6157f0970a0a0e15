"""The open lines, with all that the walk asks of them and their borrower: a frame a segment of the policy."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from benchmarks.peers.polars_peer.night import Night
from benchmarks.peers.polars_peer.source import Source
from benchmarks.peers.polars_peer.whole import newest, over, up

Row = Mapping[str, Any]
BORROWER = {
    "consumer": ("essential_cents",),
    "enterprise": (
        "received_on",
        "last_received_on",
        "period_end",
        "statement_age_months",
        "statement_currency",
        "trade_currency",
        "trade_months",
        "trade_age_months",
        "revenue_year_cents",
        "trade_revenue_cents",
        "ebit_year_cents",
        "interest_expense_year_cents",
        "operating_cash_flow_year_cents",
        "debt_service_due_12m",
        "slotted_on",
        "financial_strength",
        "political_legal",
        "transaction",
        "sponsor",
        "security",
    ),
}
"""What the walk asks of one kind of borrower alone."""
EVERYBODY = (
    "borrower_id",
    "jurisdiction",
    "tenure_months",
    "net_monthly_income_cents",
    "income_kind",
    "income_verified_on",
    "limit_increase",
    "fraud_flag",
    "bureau_on",
    "external_payment_cents",
    "external_dpd_now_days",
    "public_records",
)


def segments(night: Night, rates: Mapping[str, int]) -> list[tuple[Row, pl.DataFrame]]:
    """The policy's segments in its order, each with its lines: a line is of the first that fits."""
    policy = night.documents.policy.tables()
    found: list[tuple[Row, pl.DataFrame]] = []
    first = 0
    everything = _line_facts(night, rates).collect()
    for subject in night.borrowers:
        lines = _lines(night, everything, subject, policy, rates, first)
        first += night.borrowers[subject].height
        rows = [row for row in policy["pol_segment"] if row["subject"] == subject]
        numbers = pl.coalesce(pl.when(_fits(row)).then(row["ordinal"]) for row in rows)
        lines = lines.with_columns(ordinal=numbers)
        found += [(row, lines.filter(pl.col("ordinal") == row["ordinal"])) for row in rows]
    return found


def pd_bands(policy: Mapping[str, Sequence[Row]], subject: str) -> list[tuple[int, str]]:
    """The least PD of each grade, and the grade: the best first. `rating` is a place in it."""
    return sorted(
        (row["pd_from_bp"], row["grade"]) for row in policy["pol_band"] if row["subject"] == subject
    )


def _fits(row: Row) -> pl.Expr:
    """Whether a line is of the segment; a bound fits only what is known."""
    if row["condition"] is not None:
        raise ValueError(f"segment {row['segment']}: a condition of its own must be written in polars first")
    fits = [pl.lit(value=True)]
    if row["product"] is not None:
        fits.append(pl.col("product") == row["product"])
    if row["tenure_below_months"] is not None:
        fits.append(pl.col("tenure_months") < row["tenure_below_months"])
    if row["revenue_below_cents"] is not None:
        fits.append(pl.col("revenue_cents") < row["revenue_below_cents"])
    return pl.all_horizontal(fits)


def _lines(
    night: Night,
    lines: pl.DataFrame,
    subject: str,
    policy: Mapping[str, Sequence[Row]],
    rates: Mapping[str, int],
    first: int,
) -> pl.DataFrame:
    as_of = night.as_of
    borrowers = _borrower_facts(night, subject, policy, first)
    joined = (
        lines.lazy()
        .join(borrowers, on="borrower_id")
        .join(_consents(night.source, as_of, of_line=True), on="facility_id", how="left")
        .with_columns(_word(as_of))
        .drop("line_granted_on", "line_stands", "amount_cents", "borrower_granted_on", "borrower_stands")
        .drop("limit_increase", "asked_limit_cents", "asked_on")
    )
    if subject == "enterprise":
        joined = _business(joined, rates)
    return joined.collect()


def _line_facts(night: Night, rates: Mapping[str, int]) -> pl.LazyFrame:
    """The lines that are not closed, as the lender has them."""
    as_of = night.as_of
    limit, drawn = pl.col("credit_limit_cents"), over(pl.col("drawn_cents"))
    known = pl.col("seen").fill_null(0)
    used = pl.col("used").fill_null(0)
    months = known.bitwise_count_ones().cast(pl.Int64)
    lasts = pl.col("temporary_until") >= as_of
    asked = pl.col("last_change_by") == "borrower"
    rate = pl.col("currency").replace_strict(rates, return_dtype=pl.Int64)
    lines = night.lines.lazy().filter("is_open").with_row_index("line")
    return lines.select(
        "line",
        "facility_id",
        "borrower_id",
        "product",
        "currency",
        "matures_on",
        "statement_day",
        "scheduled_limit_cents",
        "temporary_until",
        limit_cents=limit,
        drawn_cents=drawn,
        is_drawn=pl.col("drawn_cents") > 0,
        owed_cents=drawn + pl.col("pending_cents").fill_null(0),
        rate_ppm=rate,
        rate_bp=pl.col("annual_rate_bp"),
        days_past_due=pl.col("days_past_due").fill_null(0),
        arrears_known=pl.col("days_past_due").is_not_null(),
        reviewed_on=pl.col("last_reviewed_on"),
        last_change_on=pl.col("last_limit_change_on"),
        is_frozen=(pl.col("status") == "frozen") | pl.col("drawdown_blocked").fill_null(False),
        source_block=pl.col("drawdown_blocked").fill_null(False),
        recommend_only=(pl.col("commitment") == "committed").fill_null(False)
        | (pl.col("product") == "project"),
        is_revolving=pl.col("revolving").fill_null(True),
        temporary_cents=pl.when(lasts).then(over(pl.col("temporary_limit_cents") - limit)).fill_null(0),
        asked_limit_cents=pl.when(asked).then(limit),
        asked_on=pl.when(asked).then(pl.col("last_limit_change_on")),
        statements_3m=(known & 7).bitwise_count_ones().cast(pl.Int64),
        balance_3m_cents=(pl.col("balance_0") + pl.col("balance_1_2")).fill_null(0),
        months_known=months,
        months_unused=pl.when(used != 0).then(used.bitwise_trailing_zeros().cast(pl.Int64)).otherwise(months),
        worst_dpd_24m=pl.col("dpd_24m"),
        highest_limit_12m_cents=pl.col("highest_limit_12m_cents").fill_null(0),
    ).with_columns(
        all_limits_cents=up(pl.col("limit_cents") * pl.col("rate_ppm"), 1_000_000).sum().over("borrower_id")
    )


def _borrower_facts(
    night: Night, subject: str, policy: Mapping[str, Sequence[Row]], first: int
) -> pl.LazyFrame:
    as_of = night.as_of
    scores = night.scores[subject]
    bands = pd_bands(policy, subject)
    edges = pl.Series([pd_from for pd_from, _ in bands][1:], dtype=pl.Int64)
    grades = pl.Series([grade for _, grade in bands], dtype=pl.String)
    rating = edges.search_sorted(scores["pd_bp"], side="right")
    facts = night.borrowers[subject].select(
        *EVERYBODY,
        *BORROWER[subject],
        scores["score"],
        scores["pd_bp"],
        rating.alias("rating"),
        grades.gather(rating).alias("grade"),
        borrower_dpd=pl.col("dpd_now_days").fill_null(0),
        is_deceased=(pl.col("deceased_on") <= as_of).fill_null(False),
        in_hardship=(pl.col("hardship_on") <= as_of).fill_null(False),
        is_identified=pl.col("identity_verified_on").is_not_null(),
    )
    return (
        facts.with_row_index("borrower", offset=first)
        .lazy()
        .join(_treated(night.treated, policy["pol_treatment"]), on="borrower_id", how="left")
        .join(_consents(night.source, as_of, of_line=False), on="borrower_id", how="left")
        .join(_groups(night), on="borrower_id", how="left")
        .join(night.defaulted.lazy().with_columns(in_default=True), on="borrower_id", how="left")
        .with_columns(
            pl.col("holds", "forbids_rise", "in_default", "group_default").fill_null(False),
            group=pl.coalesce(
                pl.col("group") + sum(each.height for each in night.borrowers.values()), "borrower"
            ),
        )
    )


def _treated(treated: pl.DataFrame, effects: Sequence[Row]) -> pl.LazyFrame:
    """One row a borrower under a treatment: the kind that freezes, whether one holds or forbids a rise."""
    effect = pl.col("kind").replace_strict({row["kind"]: row["effect"] for row in effects}, default=None)
    return (
        treated.lazy()
        .with_columns(effect=effect)
        .filter(pl.col("effect").is_not_null())
        .group_by("borrower_id")
        .agg(
            freeze_kind=pl.col("kind").filter(pl.col("effect") == "freeze").min(),
            holds=(pl.col("effect") == "hold").any(),
            forbids_rise=(pl.col("effect") == "no_rise").any(),
        )
    )


def _groups(night: Night) -> pl.LazyFrame:
    """One row a borrower of a control group: its number, and whether another member is in default."""
    groups = night.groups.lazy().with_columns(group=pl.col("group_id").rank("dense"))
    defaults = (
        groups.join(night.defaulted.lazy(), on="borrower_id", how="semi")
        .group_by("group")
        .agg(defaults=pl.len(), first_id=pl.col("borrower_id").min())
    )
    other = (pl.col("defaults") > 1) | (pl.col("first_id") != pl.col("borrower_id"))
    return groups.join(defaults, on="group", how="left").select(
        "borrower_id", "group", "group_id", group_default=other.fill_null(False)
    )


def _consents(source: Source, as_of: date, *, of_line: bool) -> pl.LazyFrame:
    """One row a line, or a borrower for all their lines, with a consent to rises: the newest one."""
    key = "facility_id" if of_line else "borrower_id"
    name = "line" if of_line else "borrower"
    named = pl.col("facility_id").is_not_null()
    columns = source.table(
        "consent",
        borrower_id=pl.String,
        kind=pl.String,
        granted_on=pl.Date,
        facility_id=pl.String,
        amount_cents=pl.Int64,
        withdrawn_on=pl.Date,
    )
    stands = pl.col("withdrawn_on").is_null() | (pl.col("withdrawn_on") > as_of)
    return (
        columns.filter(
            pl.col("kind") == "limit_increase", pl.col("granted_on") <= as_of, named if of_line else ~named
        )
        .filter(newest("granted_on", key))
        .select(
            key,
            pl.col("granted_on").alias(f"{name}_granted_on"),
            stands.alias(f"{name}_stands"),
            *([pl.col("amount_cents")] if of_line else []),
        )
    )


def _word(as_of: date) -> list[pl.Expr]:
    """How far the borrower's word lets a rise go."""
    of_line, of_borrower = pl.col("line_granted_on"), pl.col("borrower_granted_on")
    line_later = (of_line >= pl.coalesce(of_borrower, of_line)).fill_null(False)
    stands = pl.col("borrower_stands")
    consent = (
        pl.when(line_later)
        .then(pl.col("line_stands"))
        .when(~stands)
        .then(pl.lit(value=False))
        .otherwise(pl.coalesce("limit_increase", stands))
    )
    agreed = pl.when(line_later & pl.col("line_stands")).then(pl.col("amount_cents"))
    consent_on = pl.max_horizontal(of_line, of_borrower)
    agreed_since = (consent_on > pl.col("asked_on")).fill_null(False)
    given = (consent & (agreed.is_null() | (agreed > pl.col("limit_cents")))).fill_null(False)
    customer_limit = pl.when(~agreed_since).then(pl.col("asked_limit_cents"))
    return [
        consent.alias("rise_consent"),
        consent_on.alias("consent_on"),
        given.alias("consent_given"),
        customer_limit.alias("customer_limit_cents"),
        pl.min_horizontal(pl.when(given).then(agreed), customer_limit).alias("rise_ceiling_cents"),
    ]


def _business(lines: pl.LazyFrame, rates: Mapping[str, int]) -> pl.LazyFrame:
    """Revenue as statements or else invoices tell it."""
    has = pl.col("received_on").is_not_null()
    currency = pl.when(has).then(pl.col("statement_currency")).otherwise(pl.col("trade_currency"))
    return lines.with_columns(
        has_statement=has,
        revenue_cents=pl.when(has)
        .then(pl.col("revenue_year_cents"))
        .otherwise(pl.col("trade_revenue_cents")),
        trade_months=pl.when(~has).then(pl.col("trade_months")),
        statement_rate_ppm=pl.coalesce(currency, "currency").replace_strict(
            rates, default=None, return_dtype=pl.Int64
        ),
    )


def fx_rates(source: Source, as_of: date, currencies: list[str]) -> tuple[str, dict[str, int]]:
    """The reporting currency, the one without a rate to another; its units for one, in millionths."""
    table = source.table("fx_rate", currency=pl.String, as_of=pl.Date, rate_ppm=pl.Int64)
    known = table.filter(pl.col("as_of") <= as_of).filter(newest("as_of", "currency")).collect()
    rates = dict(known.select("currency", "rate_ppm").iter_rows())
    (reporting,) = set(currencies) - set(rates)
    return reporting, {**rates, reporting: 1_000_000}
