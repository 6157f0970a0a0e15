-- One row per accepted consumer: every characteristic that a scorecard may read, as
-- linewatch/characteristics.toml says. Null is unknown. In DuckDB least and greatest skip a null, so
-- each stands behind a test for one. Rounding: shares of income up, tenure down.
with consumer as (
    select
        borrower.borrower_id,
        night.as_of,
        coalesce(borrower.onboarded_on, own_now.first_opened_on) as known_since,
        case
            when
                own_now.currency is not null
                and coalesce(own_now.minimum_due_cents, credit_history.due_last_cents) is not null
                then least(coalesce(own_now.minimum_due_cents, credit_history.due_last_cents), 10000000000000)
        end as monthly_due_cents,
        case
            when borrower.net_monthly_income_cents >= 0
                then least(greatest(borrower.net_monthly_income_cents, 1), 10000000000000)
        end as income_cents
    from borrower
    cross join night
    left join own_now using (borrower_id)
    left join credit_history using (borrower_id)
    where borrower.borrower_type = 'consumer'
)

select
    consumer.borrower_id,
    own_now.dpd_now_days,
    credit_history.worst_dpd_1m_days,
    credit_history.worst_dpd_3m_days,
    credit_history.worst_dpd_6m_days,
    credit_history.worst_dpd_12m_days,
    credit_history.late_months_3m,
    credit_history.late_months_6m,
    credit_history.late_months_12m,
    credit_history.late_60_months_12m,
    credit_history.months_since_late,
    own_now.utilisation_now_bp,
    credit_history.utilisation_3m_bp,
    credit_history.utilisation_6m_bp,
    credit_history.utilisation_12m_bp,
    credit_history.utilisation_trend_bp,
    credit_history.utilisation_peak_12m_bp,
    credit_history.over_limit_months_6m,
    credit_history.payment_share_due_6m_bp,
    credit_history.payment_share_balance_3m_bp,
    credit_history.payment_share_balance_6m_bp,
    credit_history.minimum_payment_months_6m,
    credit_history.zero_payment_months_6m,
    credit_history.inactive_months_12m,
    credit_history.drawdowns_3m,
    credit_history.drawdown_share_3m_bp,
    credit_history.history_months,
    own_now.line_size_usd,
    spending.essential_share_3m_bp,
    spending.cash_like_share_3m_bp,
    spending.spending_trend_bp,
    case
        when consumer.income_cents > 0 and spending.essential_month_cents is not null
            then least(
                (spending.essential_month_cents * 10000 + consumer.income_cents - 1)
                // consumer.income_cents, 30000
            )
    end as essential_to_income_bp,
    bureau.external_lenders,
    bureau.external_utilisation_bp,
    case
        when consumer.income_cents > 0 and bureau.external_balance_cents is not null
            then least(
                (bureau.external_balance_cents * 10000 + consumer.income_cents * 12 - 1)
                // (consumer.income_cents * 12), 100000
            )
    end as external_debt_to_income_bp,
    bureau.external_inquiries_6m,
    bureau.external_dpd_now_days,
    bureau.external_dpd_24m_days,
    bureau.public_records,
    bureau.bureau_age_days,
    case
        when consumer.known_since <= consumer.as_of
            then date_sub('month', consumer.known_since, consumer.as_of)
    end as tenure_months,
    case
        when
            consumer.income_cents > 0
            and consumer.monthly_due_cents + bureau.external_payment_cents is not null
            then least(
                (
                    (consumer.monthly_due_cents + bureau.external_payment_cents) * 10000
                    + consumer.income_cents - 1
                ) // consumer.income_cents, 30000
            )
    end as debt_service_to_income_bp,
    case
        when consumer.income_cents > 0 and own_now.limit_cents is not null
            then least(
                (least(own_now.limit_cents, 10000000000000) * 10000 + consumer.income_cents * 12 - 1)
                // (consumer.income_cents * 12), 100000
            )
    end as line_to_income_bp
from consumer
left join own_now using (borrower_id)
left join credit_history using (borrower_id)
left join spending using (borrower_id)
left join bureau using (borrower_id)
order by consumer.borrower_id
