-- One row per borrower with open lines: the share of their limits that covers which count take. A line is
-- covered for no more than its limit. Rounded down.
with in_force as (
    select
        facility_id,
        share_bp,
        least(coalesce(cap_cents, 10000000000000), coalesce(value_cents, 10000000000000)) as most_cents
    from cover_now
),

covered as (
    select
        facility.facility_id,
        cast(
            sum(
                least(
                    least(facility.credit_limit_cents, 10000000000000) * in_force.share_bp // 10000,
                    in_force.most_cents
                )
            ) as bigint
        ) as covered_cents
    from in_force
    inner join facility using (facility_id)
    group by facility.facility_id
),

sums as (
    select
        own_line.borrower_id,
        count(*) filter (where own_line.weight is null) as unweighted_lines,
        cast(
            sum(least(facility.credit_limit_cents, 10000000000000) * own_line.weight) as bigint
        ) as limit_weighed,
        cast(
            sum(
                least(coalesce(covered.covered_cents, 0), facility.credit_limit_cents, 10000000000000)
                * own_line.weight
            ) as bigint
        ) as covered_weighed
    from own_line
    inner join facility using (facility_id)
    left join covered using (facility_id)
    where own_line.is_open
    group by own_line.borrower_id
)

select
    borrower_id,
    case
        when unweighted_lines = 0 and limit_weighed > 0
            then cast(quotient(covered_weighed::hugeint * 10000, limit_weighed) as bigint)
    end as guarantee_cover_bp
from sums
order by borrower_id
