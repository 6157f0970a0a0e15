-- One row per borrower with a statement received by as_of: the one that counts (docs/policy.md, section 1.1),
-- its flows brought to a year (months_covered other than 3 to 18 says nothing), and Altman's Z''.
-- Rounding: toward zero. Bounds are set by case, since DuckDB's least and greatest skip a null.
with received as (
    select
        financial_statement.*,
        coalesce(financial_statement.received_on, financial_statement.period_end + 180) as came_on,
        max(financial_statement.period_end) over (partition by financial_statement.borrower_id) as newest_end
    from financial_statement, night
    where
        coalesce(financial_statement.received_on, financial_statement.period_end + 180) <= night.as_of
        and financial_statement.period_end <= night.as_of
),

chosen as (
    select
        received.*,
        max(received.came_on) over (partition by received.borrower_id) as last_received_on,
        case when received.months_covered between 3 and 18 then received.months_covered end as months
    from received
    qualify row_number() over (
        partition by received.borrower_id
        order by
            received.period_end >= received.newest_end - interval 6 month desc,
            coalesce(received.audited, false) desc,
            coalesce(received.consolidated, false) desc,
            received.period_end desc
    ) = 1
),

part as (
    select
        chosen.*,
        case
            when chosen.total_assets_cents > 0
                then
                    quotient(
                        (cast(chosen.current_assets_cents as hugeint) - chosen.current_liabilities_cents)
                        * 10000,
                        chosen.total_assets_cents
                    )
        end as x1,
        case
            when chosen.total_assets_cents > 0
                then
                    quotient(
                        cast(chosen.retained_earnings_cents as hugeint) * 10000, chosen.total_assets_cents
                    )
        end as x2,
        case
            when chosen.total_assets_cents > 0
                then
                    quotient(
                        cast(chosen.ebit_cents as hugeint) * 120000,
                        cast(chosen.total_assets_cents as hugeint) * chosen.months
                    )
        end as x3,
        case
            when chosen.total_liabilities_cents > 0
                then quotient(cast(chosen.equity_cents as hugeint) * 10000, chosen.total_liabilities_cents)
            when chosen.equity_cents > 0 then 100000
        end as x4
    from chosen
)

select
    part.borrower_id,
    part.period_end,
    part.came_on as received_on,
    part.last_received_on,
    part.months,
    part.audited,
    part.consolidated,
    part.currency,
    cast(date_sub('month', part.period_end, night.as_of) as integer) as age_months,
    part.total_assets_cents,
    part.current_assets_cents,
    part.current_liabilities_cents,
    part.total_liabilities_cents,
    part.equity_cents,
    part.retained_earnings_cents,
    part.revenue_cents as period_revenue_cents,
    part.ebit_cents as period_ebit_cents,
    part.interest_expense_cents as period_interest_cents,
    part.operating_cash_flow_cents as period_cash_flow_cents,
    part.cash_cents,
    part.total_debt_cents,
    part.debt_service_due_12m_cents,
    cast(quotient(cast(part.revenue_cents as hugeint) * 12, part.months) as bigint) as revenue_cents,
    cast(quotient(cast(part.ebit_cents as hugeint) * 12, part.months) as bigint) as ebit_cents,
    cast(quotient(cast(part.interest_expense_cents as hugeint) * 12, part.months) as bigint)
        as interest_expense_cents,
    cast(quotient(cast(part.operating_cash_flow_cents as hugeint) * 12, part.months) as bigint)
        as operating_cash_flow_cents,
    cast(
        case
            when part.x1 + part.x2 + part.x3 + part.x4 is not null
                then (
                    656 * least(greatest(part.x1, -20000), 10000)
                    + 326 * least(greatest(part.x2, -20000), 10000)
                    + 672 * least(greatest(part.x3, -10000), 10000)
                    + 105 * least(greatest(part.x4, -10000), 100000)
                ) // 10000
        end as bigint
    ) as altman_z2_hundredths
from part
cross join night
order by part.borrower_id
