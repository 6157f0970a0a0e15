-- One row per borrower with a bureau report by as_of: the latest one, of which the source has one a day (a
-- promise). A disputed report says nothing.
-- A report that counts our own lines (excludes_us = false) has them taken off again, never below zero;
-- where it does not say, nothing is taken off, which is the safe side. What it says of lateness cannot
-- be taken apart and stands. Rounding: utilisation up.
with newest as (
    select
        borrower_id,
        max(pulled_on) as pulled_on
    from bureau_report
    where pulled_on <= (select as_of from night)
    group by borrower_id
),

latest as (
    select bureau_report.*
    from bureau_report
    inner join newest using (borrower_id, pulled_on)
),

others as (
    select
        latest.borrower_id,
        latest.pulled_on,
        latest.inquiries_6m,
        latest.worst_dpd_now,
        latest.worst_dpd_24m,
        latest.public_record_count,
        latest.lender_count - own.lenders as lender_count,
        latest.external_balance_cents - own.drawn_cents as balance_cents,
        latest.external_limit_cents - own.limit_cents as limit_cents,
        latest.monthly_payment_cents - own.due_cents as payment_cents
    from latest
    left join own_now using (borrower_id)
    cross join
        lateral (
            select
                latest.excludes_us = false and coalesce(own_now.open_lines, 0) > 0 as counted,
                case when counted then 1 else 0 end as lenders,
                case when counted then own_now.drawn_cents else 0 end as drawn_cents,
                case when counted then own_now.limit_cents else 0 end as limit_cents,
                case when counted then coalesce(own_now.minimum_due_cents, 0) else 0 end as due_cents
        ) as own
    where latest.disputed is distinct from true
),

-- In DuckDB least and greatest skip a null, so each stands behind a test for one.
bounded as (
    select
        * replace (
            case when lender_count is not null then greatest(0, lender_count) end as lender_count,
            case when balance_cents is not null then least(greatest(0, balance_cents), 10000000000000) end
                as balance_cents,
            case when limit_cents is not null then least(greatest(0, limit_cents), 10000000000000) end
                as limit_cents,
            case when payment_cents is not null then least(greatest(0, payment_cents), 10000000000000) end
                as payment_cents
        )
    from others
)

select
    borrower_id,
    lender_count as external_lenders,
    balance_cents as external_balance_cents,
    payment_cents as external_payment_cents,
    cast(
        case
            when limit_cents > 0 and balance_cents >= 0
                then least((balance_cents * 10000 + limit_cents - 1) // limit_cents, 30000)
            when limit_cents = 0 and balance_cents > 0 then 30000
            when limit_cents = 0 and balance_cents = 0 then 0
        end as bigint
    ) as external_utilisation_bp,
    inquiries_6m as external_inquiries_6m,
    worst_dpd_now as external_dpd_now_days,
    worst_dpd_24m as external_dpd_24m_days,
    public_record_count as public_records,
    date_diff('day', pulled_on, (select as_of from night)) as bureau_age_days
from bounded
order by borrower_id
