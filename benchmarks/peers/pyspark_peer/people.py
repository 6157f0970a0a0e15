"""One row a borrower: every characteristic, and what else the walk asks of a borrower."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as f

from benchmarks.peers.pyspark_peer import business
from benchmarks.peers.pyspark_peer.conduct import conduct_features, own_lines
from benchmarks.peers.pyspark_peer.facts import AS_THEY_STAND, facts
from benchmarks.peers.pyspark_peer.security import in_force
from benchmarks.peers.pyspark_peer.text import (
    Policy,
    chosen,
    day,
    month_after,
    months_ago,
    months_to,
    named,
    up,
)
from linewatch.characteristics import characteristics

FEATURES = {
    subject: [item.name for item in characteristics().of(subject)] for subject in ("consumer", "enterprise")
}
EVERY_FEATURE = list(dict.fromkeys(name for names in FEATURES.values() for name in names))
REPORTED = (
    "external_balance_cents external_limit_cents monthly_payment_cents lender_count inquiries_6m"
    " worst_dpd_now worst_dpd_24m public_record_count disputed"
).split()


def bureau(bureau_report: DataFrame, as_of: date) -> DataFrame:
    """One row a borrower whose last report says something: it is not disputed."""
    return (
        bureau_report.where(f"pulled_on <= {day(as_of)}")
        .groupBy("borrower_id")
        .agg(
            f.max("pulled_on").alias("bureau_on"),
            *[f.max_by(name, "pulled_on").alias(name) for name in REPORTED],
        )
        .where("not coalesce(disputed, false)")
    )


def spending(spending_month: DataFrame, as_of: date) -> DataFrame:
    """One row a borrower with spending in the last six closed months."""
    after = day(month_after(as_of))
    month = spending_month.where(f"month < {after} and month >= add_months({after}, -6)").selectExpr(
        "borrower_id",
        f"{months_ago('month', as_of)} < 3 as is_new",
        "essential_cents",
        "cash_like_cents",
        "essential_cents + discretionary_cents + cash_like_cents as total_cents",
    )
    return month.groupBy("borrower_id").agg(
        f.expr("count_if(is_new) as months_0_2"),
        f.expr("count_if(not is_new) as months_3_5"),
        f.expr("sum(if(is_new, essential_cents, 0)) as essential_0_2"),
        f.expr("sum(if(is_new, cash_like_cents, 0)) as cash_like_0_2"),
        f.expr("sum(if(is_new, total_cents, 0)) as total_0_2"),
        f.expr("sum(if(is_new, 0, total_cents)) as total_3_5"),
    )


def treatments(treatment: DataFrame, policy: Policy, as_of: date) -> DataFrame:
    """One row a borrower under a treatment tonight: the first kind of each effect."""
    effect = chosen("kind", {row["kind"]: f"'{row['effect']}'" for row in policy["pol_treatment"]})
    firsts = [
        f.expr(f"min(if({effect} = '{what}', kind, null)) as {what}_kind")
        for what in ("freeze", "hold", "no_rise")
    ]
    return treatment.where(in_force(as_of)).groupBy("borrower_id").agg(*firsts)


def consents(consent: DataFrame, owner: str, as_of: date) -> DataFrame:
    """One row an owner (a borrower, for all lines; or a line) with a consent to rises: the newest."""
    stands = f"withdrawn_on is null or withdrawn_on > {day(as_of)}"
    return (
        consent.where(f"kind = 'limit_increase' and granted_on <= {day(as_of)}")
        .where(f"facility_id is {'null' if owner == 'borrower_id' else 'not null'}")
        .groupBy(owner)
        .agg(
            f.expr("max(granted_on) as consent_on"),
            f.expr(f"max_by({stands}, granted_on) as consent_stands"),
            f.expr("max_by(amount_cents, granted_on) as consent_cents"),
        )
    )


def borrower_features(as_of: date) -> dict[str, str]:
    """The characteristics that more than one table has a part in, over a row of all of them."""
    income = "greatest(net_monthly_income_cents, 1)"
    due = "coalesce(minimum_due_now, if((seen & 1) > 0, due_0, null))"

    def of_income(part: str, months: int, most: int) -> str:
        return (
            f"case when net_monthly_income_cents >= 0 and ({part}) is not null"
            f" then least({up(f'({part}) * 10000', f'{income} * {months}')}, {most}) end"
        )

    def of_spending(part: str) -> str:
        return f"case when total_0_2 > 0 then {up(f'{part} * 10000', 'total_0_2')} end"

    essential = f"case when months_0_2 > 0 then {up('essential_0_2', 'months_0_2')} end"
    return {
        "essential_share_3m_bp": of_spending("essential_0_2"),
        "cash_like_share_3m_bp": of_spending("cash_like_0_2"),
        "spending_trend_bp": "case when total_3_5 > 0 and months_0_2 > 0"
        " then least((total_0_2 * months_3_5 - total_3_5 * months_0_2) * 10000"
        " div (total_3_5 * months_0_2), 30000) end",
        "essential_cents": essential,
        "essential_to_income_bp": of_income(essential, 1, 30_000),
        "external_lenders": "lender_count",
        "external_utilisation_bp": "case when external_limit_cents > 0"
        f" then least({up('external_balance_cents * 10000', 'external_limit_cents')}, 30000)"
        " when external_balance_cents > 0 then 30000 when external_balance_cents = 0 then 0 end",
        "external_debt_to_income_bp": of_income("external_balance_cents", 12, 100_000),
        "external_inquiries_6m": "inquiries_6m",
        "external_dpd_now_days": "worst_dpd_now",
        "external_dpd_24m_days": "worst_dpd_24m",
        "public_records": "public_record_count",
        "bureau_age_days": f"datediff({day(as_of)}, bureau_on)",
        "tenure_months": months_to("onboarded_on", as_of),
        "debt_service_to_income_bp": of_income(f"{due} + monthly_payment_cents", 1, 30_000),
        "line_to_income_bp": of_income("limit_now", 12, 100_000),
        "line_to_revenue_bp": "case when revenue_year_cents > 0 and limit_now is not null"
        f" then least({up('limit_now * 10000', 'revenue_year_cents')}, 100000) end",
        "guarantee_cover_bp": "case when limit_now > 0 then covered_now * 10000 div limit_now end",
    }


def people(
    table: Mapping[str, DataFrame],
    lines: DataFrame,
    default: DataFrame,
    policy: Policy,
    weights: Mapping[str, int],
    as_of: date,
) -> DataFrame:
    """One row a borrower: every characteristic and every fact; `lines` are those of `lines.lines`."""
    statement = business.statements(table["financial_statement"], as_of).selectExpr(
        "borrower_id",
        "true as is_told",
        "last_received_on as statement_on",
        "period_end",
        "debt_service_due_12m_cents",
        *named(business.statement_features(chosen("currency", weights), as_of)),
    )
    frames = (
        own_lines(lines),
        bureau(table["bureau_report"], as_of),
        spending(table["spending_month"], as_of),
        statement,
        business.trades(table["trade_month"], chosen("currency", weights), as_of),
        business.assessments(table["assessment"], as_of),
        treatments(table["treatment"], policy, as_of),
        consents(table["consent"], "borrower_id", as_of),
        default.selectExpr("borrower_id", "true as is_default"),
    )
    joined = table["borrower"]
    for frame in frames:
        joined = joined.join(frame.hint("shuffle_hash"), "borrower_id", "left")
    texts = conduct_features() | business.trade_features() | borrower_features(as_of) | facts(policy, as_of)
    plain = [name for name in (*AS_THEY_STAND, *EVERY_FEATURE) if name not in texts]
    return joined.selectExpr("borrower_id", *dict.fromkeys(plain), *named(texts))


def features(borrower: DataFrame, subject: str) -> DataFrame:
    """The characteristics of the consumers or the enterprises among `people`."""
    return borrower.where(f"borrower_type = '{subject}'").select("borrower_id", *FEATURES[subject])
