-- One row per borrower who lets their spending be seen, and closed month.
with months as (
    select
        p.borrower_id,
        p.income_cents,
        p.essential_bp,
        p.discretionary_bp,
        p.cash_bp,
        p.habit_no,
        p.onboarded_on,
        p.deceased_on,
        unnest(cast($days as date[])[2:-2]) as month_end
    from person as p
    where p.is_spending_seen and p.onboarded_on <= $as_of
),

spent as (
    select
        *,
        (habit_no + date_diff('month', date '2015-01-01', month_end) * 577) % 1000 as jitter,
        (habit_no * 3 + date_diff('month', date '2015-01-01', month_end) * 211) % 1000 as mood
    from months
    where month_end >= onboarded_on and (month_end < deceased_on or deceased_on is null)
),

parted as (
    select
        *,
        income_cents * essential_bp // 10000 * (930 + jitter * 140 // 1000) // 1000 as essential_cents,
        income_cents * discretionary_bp // 10000 * (700 + mood * 600 // 1000) // 1000 as other_cents
    from spent
)

select
    borrower_id,
    month_end - cast(day(month_end) - 1 as integer) as month,
    essential_cents,
    other_cents - other_cents * least(9000, cash_bp * (700 + jitter * 600 // 1000) // 1000) // 10000
        as discretionary_cents,
    other_cents * least(9000, cash_bp * (700 + jitter * 600 // 1000) // 1000) // 10000 as cash_like_cents,
    cast(month_end + 1 as timestamp) + interval 4 hour as recorded_at
from parted
order by borrower_id, month
