-- One row per enterprise and period end of three years and more, once received: the year to December, the
-- half-year to June. One enterprise in 23 closes its year in June and hands its books in half a year later;
-- one in 23 hands in the year to December a year late: their books grow stale.
with halves as (
    select
        *,
        unnest(range(0, 8)) as half_years_back
    from person
    where is_enterprise and onboarded_on <= $as_of
),

periods as (
    select
        *,
        year($as_of) - half_years_back // 2 as of_year,
        1 + half_years_back % 2 as half,
        case
            when half_years_back % 2 = 0 then make_date(year($as_of) - half_years_back // 2, 6, 30)
            else make_date(year($as_of) - half_years_back // 2, 12, 31)
        end as period_end,
        u_industry % 23 = 5 as is_june_year,
        u_industry % 23 = 6 as is_late,
        case when half_years_back % 2 = 0 and u_industry % 23 <> 5 then 6 else 12 end as months
    from halves
),

arrived as (
    select
        *,
        -- A new borrower brings the statements of two years. One in forty comes without the day it came on.
        greatest(onboarded_on, period_end + case
            when is_june_year then 150 + cast(u_when % 90 as integer)
            when is_late then 330 + cast(u_when % 40 as integer)
            when half = 1 then 35 + cast(u_when % 40 as integer)
            else 70 + cast(u_when % 90 as integer)
        end) as arrived_on,
        (u_industry + of_year * 37 + half * 11) % 100 as jitter,
        (u_industry + of_year * 37 + half * 11) % 40 = 7 as is_undated
    from periods
    where
        case
            when is_june_year then half = 1
            when is_late then half = 2
            else u_hardship % 12 > 0 or half = 2
        end
        -- Some let their invoices be seen (sql/demo/trade_month.sql) in place of statements.
        and not (u_when % 5 < 3 and u_industry % 16 = 5)
),

earned as (
    select
        *,
        revenue_cents * (880 + jitter * 2 + (of_year - 2023) * (20 - risk * 12 // 1000))
        // 1000 as year_revenue,
        650 - risk * 420 // 1000 + (u_when % 700) - 350 + jitter * 2 as margin_bp,
        revenue_cents * (6000 + u_when % 6000) // 10000 as assets,
        greatest(1200, least(10500, 5200 + risk * 1500 // 1000 + u_industry % 3000 - 1500 + jitter * 4))
            as debt_bp
    from arrived
    where
        arrived_on <= $as_of and period_end >= onboarded_on - 700
        and period_end > cast($days as date[])[1] - 800
),

balanced as (
    select
        *,
        year_revenue * months // 12 as revenue,
        year_revenue * margin_bp // 10000 * months // 12 as ebit,
        assets * debt_bp // 10000 as liabilities,
        assets * (3500 + u_industry % 3000) // 10000 as current_assets,
        assets * debt_bp // 10000 * (4000 + u_when % 3500) // 10000 as debt,
        assets * debt_bp // 10000 * (5000 + u_when % 3000) // 10000 as current_liabilities
    from earned
)

select
    borrower_id,
    period_end,
    case when not is_undated then arrived_on end as received_on,
    cast(months as integer) as months_covered,
    months = 12 and u_when % 10 < 7 as audited,
    u_industry % 9 = 1 as consolidated,
    currency,
    assets as total_assets_cents,
    current_assets as current_assets_cents,
    current_liabilities as current_liabilities_cents,
    liabilities as total_liabilities_cents,
    assets - liabilities as equity_cents,
    (assets - liabilities) * 6 // 10 as retained_earnings_cents,
    revenue as revenue_cents,
    ebit as ebit_cents,
    debt * 5 // 100 * months // 12 as interest_expense_cents,
    ebit * (70 + u_when % 50) // 100 + revenue * 2 // 100 as operating_cash_flow_cents,
    current_assets * (500 + u_when % 2500) // 10000 as cash_cents,
    debt * 4 // 10 as short_term_debt_cents,
    debt as total_debt_cents,
    debt * 16 // 100 + debt * 5 // 100 as debt_service_due_12m_cents,
    current_assets * 25 // 100 as inventory_cents,
    current_assets * 30 // 100 as receivables_cents,
    current_liabilities * 40 // 100 as payables_cents,
    cast(arrived_on as timestamp) + interval 16 hour as recorded_at
from balanced
order by borrower_id, period_end
