-- One row per line with any closed month: its balances of the last three, its use and arrears of the last 24.
with closing as (
    select cast(date_trunc('month', as_of + 1) as date) as month_after
    from night
),

month_back as (
    select
        facility_month.*,
        date_diff('month', facility_month.month, closing.month_after) - 1 as months_ago
    from facility_month
    cross join closing
    where
        facility_month.month < closing.month_after
        and facility_month.month >= closing.month_after - interval 24 month
)

select
    month_back.facility_id,
    cast(
        sum(greatest(month_back.closing_balance_cents, 0)) filter (where month_back.months_ago < 3) as bigint
    ) as balance_3m_cents,
    cast(count(*) filter (where month_back.months_ago < 3) as integer) as statements_3m,
    cast(count(*) as integer) as months_known,
    cast(coalesce(
        min(month_back.months_ago) filter (
            where month_back.closing_balance_cents > 0 or month_back.drawdown_count > 0
        ),
        count(*)
    ) as integer) as months_unused,
    max(month_back.days_past_due) as worst_dpd_24m,
    max(month_back.limit_cents) filter (where month_back.months_ago < 12) as highest_limit_12m_cents
from month_back
group by month_back.facility_id
