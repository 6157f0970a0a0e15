-- One row per credit line and closed month. A month's flows add up: what stood at its beginning, plus what
-- was drawn, plus interest and fees, less what was paid, is what stands at its end.
with months as (
    select
        s.facility_id,
        s.opened_on,
        s.closed_on,
        s.stopped_on,
        s.annual_rate_bp,
        s.minimum_bp,
        s.paid_bp,
        s.u_kind,
        s.u_day,
        unnest(cast($days as date[])[2:-2]) as month_end,
        unnest(s.balances[1:-3]) as opening_cents,
        unnest(s.balances[2:-2]) as closing_cents,
        unnest(s.limits[2:-2]) as limit_cents,
        unnest(s.behind_from[2:-2]) as behind_from,
        unnest(s.missed[1:-3]) as missed_before,
        unnest(s.missed[2:-2]) as missed
    from standing as s
),

shown as (
    select
        *,
        greatest(0, case when missed > 0 then closing_cents else opening_cents end) as basis_cents,
        greatest(closing_cents - opening_cents, 0) as growth_cents
    from months
    where month_end >= opened_on and (month_end < closed_on or closed_on is null)
),

charged as (
    -- Who pays nearly all every month pays no interest; who is late is charged one and a half percent.
    select
        *,
        least(
            basis_cents,
            greatest(basis_cents * minimum_bp // 10000, 10000) * greatest(1, missed, missed_before)
        )
            as due_cents,
        case
            when
                missed > 0
                then least(growth_cents, opening_cents * 15 // 1000 + 1) * cast(opening_cents > 0 as int)
            when paid_bp >= 9500 then 0
            else greatest(0, opening_cents) * annual_rate_bp // 120000
        end as fees_cents,
        (paid_bp + (u_day + date_diff('month', date '2015-01-01', month_end) * 577) % 1200 - 600) as share_bp
    from shown
),

paid as (
    select
        *,
        greatest(
            0,
            opening_cents + fees_cents - closing_cents,
            case
                when missed = 0 and coalesce(stopped_on >= month_end, true)
                    then greatest(due_cents, opening_cents * greatest(0, least(10000, share_bp)) // 10000)
            end
        ) as made_cents
    from charged
),

drawn as (
    -- Who is late at the end of a month has paid less than was due; who is blocked pays off and is not.
    select
        *,
        closing_cents - opening_cents - fees_cents + made_cents as drawn_cents,
        case
            when missed > 0 then greatest(due_cents, made_cents + 10000) else least(due_cents, made_cents)
        end as asked_cents
    from paid
)

select
    facility_id,
    month_end - cast(day(month_end) - 1 as integer) as month,
    closing_cents as closing_balance_cents,
    limit_cents,
    asked_cents as payment_due_cents,
    made_cents as payment_made_cents,
    cast(coalesce(month_end - behind_from, 0) as integer) as days_past_due,
    cast(case
        when drawn_cents = 0 then 0 else 1 + least(24, drawn_cents * 20 // greatest(limit_cents, 100000))
    end as integer) as drawdown_count,
    drawn_cents as drawdown_cents,
    fees_cents as interest_fees_cents,
    greatest(0, made_cents - fees_cents) as principal_paid_cents,
    (opening_cents + closing_cents) // 2 as average_balance_cents,
    cast(month_end + 1 as timestamp) + interval 2 hour as recorded_at
from drawn
order by facility_id, month
