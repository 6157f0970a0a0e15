-- One row: the shares of lines, and of limits in reporting money, that our changes of thirty days took in
-- all, tonight's included, in basis points rounded up. A line's rises count against its cuts, and so does
-- what was undone; one that has risen in all counts as nothing taken. Limits are those without these cuts.
with earlier as (
    select
        past_change.facility_id,
        cast(sum(cast(past_change.old_limit_cents - past_change.new_limit_cents as hugeint)) as bigint)
            as taken_cents
    from past_change, night
    where past_change.as_of > night.as_of - interval 30 day
    group by past_change.facility_id
),

line as (
    select
        greatest(
            coalesce(earlier.taken_cents, 0) + decisions.limit_cents - decisions.committed_limit_cents, 0
        ) as taken_cents,
        decisions.committed_limit_cents,
        fx_latest.rate_ppm
    from decisions
    inner join fx_latest on decisions.currency = fx_latest.currency
    left join earlier on decisions.facility_id = earlier.facility_id
),

total as (
    select
        greatest(count(*), 1) as lines,
        count(*) filter (where line.taken_cents > 0) as cut,
        cast(coalesce(sum(quotient(cast(line.taken_cents as hugeint) * line.rate_ppm, 1000000)), 0) as bigint)
            as taken_cents,
        greatest(cast(coalesce(sum(
            quotient(cast(line.committed_limit_cents + line.taken_cents as hugeint) * line.rate_ppm, 1000000)
        ), 0) as bigint), 1) as limit_cents
    from line
)

select
    (total.cut * 10000 + total.lines - 1) // total.lines as decreased_30d_share_bp,
    cast(
        quotient(
            cast(total.taken_cents as hugeint) * 10000 + total.limit_cents - 1, total.limit_cents
        ) as bigint
    )
        as decreased_cents_30d_share_bp
from total
