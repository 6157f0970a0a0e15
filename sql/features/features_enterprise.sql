-- One row per accepted enterprise: every characteristic that a scorecard may read, as
-- linewatch/characteristics.toml says. Null is unknown. In DuckDB least and greatest skip a null, so
-- each stands behind a test for one. Rounding: lines to revenue up, tenure down.
with enterprise as (
    select
        borrower.borrower_id,
        night.as_of,
        coalesce(borrower.onboarded_on, own_now.first_opened_on) as known_since
    from borrower
    cross join night
    left join own_now using (borrower_id)
    where borrower.borrower_type = 'enterprise'
)

select
    enterprise.borrower_id,
    own_now.dpd_now_days,
    credit_history.worst_dpd_3m_days,
    credit_history.worst_dpd_6m_days,
    credit_history.worst_dpd_12m_days,
    credit_history.late_months_6m,
    credit_history.late_months_12m,
    credit_history.months_since_late,
    own_now.utilisation_now_bp,
    credit_history.utilisation_3m_bp,
    credit_history.utilisation_12m_bp,
    credit_history.utilisation_trend_bp,
    credit_history.over_limit_months_6m,
    credit_history.payment_share_due_6m_bp,
    credit_history.payment_share_balance_6m_bp,
    credit_history.zero_payment_months_6m,
    credit_history.inactive_months_12m,
    credit_history.history_months,
    own_now.line_size_usd,
    bureau.external_lenders,
    bureau.external_utilisation_bp,
    bureau.external_inquiries_6m,
    bureau.external_dpd_now_days,
    bureau.external_dpd_24m_days,
    bureau.public_records,
    case
        when enterprise.known_since <= enterprise.as_of
            then date_sub('month', enterprise.known_since, enterprise.as_of)
    end as tenure_months,
    statement.working_capital_share_bp,
    statement.retained_earnings_share_bp,
    statement.ebit_share_bp,
    statement.equity_to_liabilities_bp,
    statement.altman_z2_hundredths,
    statement.current_ratio_bp,
    statement.cash_share_bp,
    statement.leverage_bp,
    statement.interest_cover_bp,
    statement.cash_flow_cover_bp,
    statement.margin_bp,
    statement.asset_turnover_bp,
    statement.revenue_growth_bp,
    statement.debt_to_revenue_bp,
    statement.revenue_usd,
    statement.statement_age_months,
    statement.statement_audited,
    case
        when
            statement.revenue_year_cents > 0
            and statement.currency = own_now.currency
            and own_now.limit_cents is not null
            then least(
                (least(own_now.limit_cents, 10000000000000) * 10000 + statement.revenue_year_cents - 1)
                // statement.revenue_year_cents, 100000
            )
    end as line_to_revenue_bp,
    trade.trade_sales_usd,
    trade.trade_sales_growth_bp,
    trade.trade_active_months_12m,
    trade.sales_volatility_bp,
    trade.purchases_to_sales_bp,
    trade.sales_returns_share_bp,
    trade.void_invoices_share_bp,
    trade.customer_concentration_bp,
    trade.supplier_concentration_bp,
    assessment_now.market_position,
    assessment_now.management_quality,
    guarantee_cover.guarantee_cover_bp
from enterprise
left join own_now using (borrower_id)
left join credit_history using (borrower_id)
left join bureau using (borrower_id)
left join statement using (borrower_id)
left join trade using (borrower_id)
left join assessment_now using (borrower_id)
left join guarantee_cover using (borrower_id)
order by enterprise.borrower_id
