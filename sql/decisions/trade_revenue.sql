-- One row per borrower with a closed trade month: a year's sales less returns as the invoices tell them, in
-- the currency of the newest month alone. From the first month on record a month without a row had no trade.
with closed as (
    select
        trade_month.*,
        date_diff('month', trade_month.month, night.as_of + 1) - 1 as months_ago,
        first_value(trade_month.currency) over (
            partition by trade_month.borrower_id order by trade_month.month desc
        ) as newest_currency
    from trade_month, night
    where trade_month.month + interval 1 month - interval 1 day <= night.as_of
),

summed as (
    select
        closed.borrower_id,
        closed.newest_currency as currency,
        cast(least(12, 1 + max(closed.months_ago)) as integer) as trade_months,
        cast(min(closed.months_ago) as integer) as trade_age_months,
        cast(greatest(0, coalesce(
            sum(closed.sales_cents - closed.sales_returns_cents) filter (where closed.months_ago < 12), 0
        )) as bigint) as net_sales_cents
    from closed
    where closed.currency is not distinct from closed.newest_currency
    group by closed.borrower_id, closed.newest_currency
)

select
    summed.borrower_id,
    summed.currency,
    summed.trade_months,
    summed.trade_age_months,
    cast(quotient(cast(summed.net_sales_cents as hugeint) * 12, summed.trade_months) as bigint)
        as revenue_cents
from summed
