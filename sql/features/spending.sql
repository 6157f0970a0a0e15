-- One row per borrower with spending months: what the money went on. Month 0 is the last month that
-- had ended by as_of. Rounding up, save the trend, which is rounded toward zero.
with closing as (
    select cast(date_trunc('month', as_of + 1) as date) as month_after
    from night
),

months as (
    select
        spending_month.borrower_id,
        date_diff('month', spending_month.month, closing.month_after) - 1 as ago,
        greatest(0, least(spending_month.essential_cents, 10000000000000)) as essential_cents,
        greatest(0, least(spending_month.cash_like_cents, 10000000000000)) as cash_like_cents,
        greatest(0, least(spending_month.essential_cents, 10000000000000))
        + greatest(0, least(spending_month.discretionary_cents, 10000000000000))
        + greatest(0, least(spending_month.cash_like_cents, 10000000000000)) as total_cents
    from spending_month
    cross join closing
    where
        spending_month.month >= closing.month_after - interval 6 month
        and spending_month.month < closing.month_after
),

sums as (
    select
        borrower_id,
        count(*) filter (where ago < 3) as months_0_2,
        count(*) filter (where ago >= 3) as months_3_5,
        cast(sum(essential_cents) filter (where ago < 3) as bigint) as essential_0_2,
        cast(sum(cash_like_cents) filter (where ago < 3) as bigint) as cash_like_0_2,
        cast(sum(total_cents) filter (where ago < 3) as bigint) as total_0_2,
        cast(sum(total_cents) filter (where ago >= 3) as bigint) as total_3_5
    from months
    group by borrower_id
)

select
    borrower_id,
    case
        when
            total_0_2 > 0
            then cast(quotient(essential_0_2::hugeint * 10000 + total_0_2 - 1, total_0_2) as bigint)
    end as essential_share_3m_bp,
    case
        when
            total_0_2 > 0
            then cast(quotient(cash_like_0_2::hugeint * 10000 + total_0_2 - 1, total_0_2) as bigint)
    end as cash_like_share_3m_bp,
    case
        when total_3_5 > 0 and months_0_2 > 0
            then cast(
                least(
                    quotient(
                        (total_0_2::hugeint * months_3_5 - total_3_5::hugeint * months_0_2) * 10000,
                        total_3_5::hugeint * months_0_2
                    ),
                    30000
                ) as bigint
            )
    end as spending_trend_bp,
    case when months_0_2 > 0 then (essential_0_2 + months_0_2 - 1) // months_0_2 end as essential_month_cents
from sums
order by borrower_id
