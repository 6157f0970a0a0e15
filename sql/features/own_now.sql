-- One row per borrower with a line: their open lines as they stand tonight.
-- Amounts beyond 10^13 minor units count as that, so that no sum can overflow. Rounding: utilisation
-- up, line size down. Currency and sums in plain cents are null where there are several currencies.
with lines as (
    select
        own_line.borrower_id,
        own_line.is_open,
        own_line.one_currency,
        facility.currency,
        own_line.weight,
        own_line.size_weight,
        facility.opened_on,
        facility.days_past_due,
        facility.minimum_due_cents,
        least(facility.credit_limit_cents, 10000000000000) as limit_cents,
        greatest(0, least(facility.drawn_cents, 10000000000000)) as drawn_cents
    from own_line
    inner join facility using (facility_id)
),

sums as (
    select
        borrower_id,
        case when bool_and(one_currency) then min(currency) end as currency,
        min(opened_on) as first_opened_on,
        max(days_past_due) filter (where is_open) as dpd_now_days,
        count(*) filter (where is_open) as open_lines,
        count(*) filter (where is_open and weight is null) as unweighted_lines,
        count(*) filter (where is_open and size_weight is null) as unsized_lines,
        cast(sum(limit_cents) filter (where is_open) as bigint) as limit_cents,
        cast(sum(drawn_cents) filter (where is_open) as bigint) as drawn_cents,
        cast(sum(minimum_due_cents) filter (where is_open) as bigint) as minimum_due_cents,
        cast(sum(limit_cents * weight) filter (where is_open) as bigint) as limit_weighed,
        cast(sum(drawn_cents * weight) filter (where is_open) as bigint) as drawn_weighed,
        cast(sum(limit_cents * size_weight) filter (where is_open) as bigint) as limit_sized
    from lines
    group by borrower_id
)

select
    borrower_id,
    open_lines,
    first_opened_on,
    dpd_now_days,
    currency,
    case when currency is not null then limit_cents end as limit_cents,
    case when currency is not null then drawn_cents end as drawn_cents,
    case when currency is not null then minimum_due_cents end as minimum_due_cents,
    cast(
        case
            when open_lines = 0 or unweighted_lines > 0 then null
            when limit_weighed > 0
                then least(quotient(drawn_weighed::hugeint * 10000 + limit_weighed - 1, limit_weighed), 30000)
            when drawn_weighed > 0 then 30000
        end as bigint
    ) as utilisation_now_bp,
    case when open_lines > 0 and unsized_lines = 0 then limit_sized // 100000 end as line_size_usd
from sums
order by borrower_id
