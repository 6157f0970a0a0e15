"""The Spark session of a night, and the source's tables with the columns that the night reads."""

from __future__ import annotations

import os
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

COLUMNS = {
    "borrower": """borrower_id string, borrower_type string, jurisdiction string, onboarded_on date,
        identity_verified_on date, net_monthly_income_cents bigint, income_kind string,
        income_verified_on date, limit_increase boolean, hardship_on date, deceased_on date,
        fraud_flag string""",
    "facility": """facility_id string, borrower_id string, product string, currency string,
        credit_limit_cents bigint, drawn_cents bigint, pending_cents bigint, annual_rate_bp int,
        opened_on date, matures_on date, status string, days_past_due int, minimum_due_cents bigint,
        statement_day int, last_limit_change_on date, last_change_by string, last_reviewed_on date,
        drawdown_blocked boolean, commitment string, revolving boolean, scheduled_limit_cents bigint,
        temporary_limit_cents bigint, temporary_until date""",
    "facility_month": """facility_id string, month date, closing_balance_cents bigint, limit_cents bigint,
        payment_due_cents bigint, payment_made_cents bigint, days_past_due int, drawdown_count int,
        drawdown_cents bigint""",
    "bureau_report": """borrower_id string, pulled_on date, lender_count int, external_balance_cents bigint,
        external_limit_cents bigint, monthly_payment_cents bigint, inquiries_6m int, worst_dpd_now int,
        worst_dpd_24m int, public_record_count int, disputed boolean""",
    "spending_month": """borrower_id string, month date, essential_cents bigint, discretionary_cents bigint,
        cash_like_cents bigint""",
    "financial_statement": """borrower_id string, period_end date, received_on date, months_covered int,
        audited boolean, consolidated boolean, currency string, total_assets_cents bigint,
        current_assets_cents bigint, current_liabilities_cents bigint, total_liabilities_cents bigint,
        equity_cents bigint, retained_earnings_cents bigint, revenue_cents bigint, ebit_cents bigint,
        interest_expense_cents bigint, operating_cash_flow_cents bigint, cash_cents bigint,
        total_debt_cents bigint, debt_service_due_12m_cents bigint""",
    "trade_month": """borrower_id string, month date, currency string, sales_cents bigint,
        sales_returns_cents bigint, purchases_cents bigint, purchase_returns_cents bigint, sales_invoices int,
        void_sales_invoices int, largest_customer_cents bigint, largest_supplier_cents bigint""",
    "assessment": """borrower_id string, assessed_on date, market_position int, management_quality int,
        financial_strength int, political_legal int, transaction int, sponsor int, security int""",
    "project_status": """facility_id string, reported_on date, phase string, covenant_breached boolean,
        draw_stop boolean""",
    "guarantee": """facility_id string, guarantee_id string, kind string, provider_id string,
        provider_grade string, covered_share_bp int, cap_cents bigint, value_cents bigint, valued_on date,
        valid_from date, valid_until date, status string""",
    "consent": """borrower_id string, kind string, granted_on date, facility_id string,
        amount_cents bigint, withdrawn_on date""",
    "treatment": "borrower_id string, kind string, valid_from date, valid_until date",
    "control_link": """borrower_id string, related_borrower_id string, kind string, share_bp int,
        valid_from date, valid_until date""",
    "fx_rate": "currency string, as_of date, rate_ppm bigint",
    "reference_rate": "name string, as_of date, rate_bp int",
}
BYTES_A_PARTITION = 16 << 20
"""Of the months as they lie in Parquet: some 60,000 lines."""

JAVA = [
    "-XX:+UseParallelGC",
    # The quick compiler alone: the thorough one takes half of the processor for minutes.
    "-XX:TieredStopAtLevel=1",
    # Generated methods are long, and by default Java only interprets those over 8,000 bytes.
    "-XX:-DontCompileHugeMethods",
    "-XX:ReservedCodeCacheSize=512m",
    # By default each doubling of the classes loaded, and there are many, looks through the whole heap.
    "-XX:MetaspaceSize=1g",
    "-XX:-UsePerfData",
]


def start(source: Path, out: Path) -> SparkSession:
    """A local session on two cores; its scratch files lie under `out`."""
    partitions = max(2, -(-(source / "facility_month.parquet").stat().st_size // BYTES_A_PARTITION))
    memory = os.environ.get("SPARK_DRIVER_MEMORY", "8g")
    settings = {
        "spark.driver.memory": memory,
        "spark.driver.extraJavaOptions": " ".join(JAVA) + f" -Xms{memory} -Dderby.system.home={out}",
        "spark.local.dir": str(out / "spark"),
        "spark.sql.warehouse.dir": str(out / "spark" / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(partitions),
        # Frames kept are parted by borrower, and joins and windows over them move nothing again.
        "spark.sql.requireAllClusterKeysForCoPartition": "false",
        "spark.sql.join.preferSortMergeJoin": "false",
        "spark.sql.adaptive.enabled": "false",
        # Wider rows than by default are still worth a generated loop.
        "spark.sql.codegen.maxFields": "1000",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
    }
    builder = SparkSession.builder.master("local[2]").appName("peer")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def tables(spark: SparkSession, source: Path) -> dict[str, DataFrame]:
    """The source's tables by name, lazily; a schema given needs no look into the files."""
    return {
        name: spark.read.schema(columns).parquet(str(source / f"{name}.parquet"))
        for name, columns in COLUMNS.items()
    }
