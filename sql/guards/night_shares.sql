-- One row: the shares of lines, and of limits in reporting money, that tonight moves, blocks, refers or
-- could not use, in basis points rounded up.
with line as (
    select
        decisions.action,
        decisions.route,
        decisions.committed_limit_cents < decisions.limit_cents as falls,
        decisions.quarantined,
        decisions.grade,
        cast(quotient(cast(decisions.limit_cents as hugeint) * fx_latest.rate_ppm, 1000000) as bigint)
            as limit_cents,
        cast(
            quotient(
                cast(decisions.committed_limit_cents - decisions.limit_cents as hugeint)
                * fx_latest.rate_ppm, 1000000
            ) as bigint
        ) as moved_cents
    from decisions
    inner join fx_latest on decisions.currency = fx_latest.currency
),

total as (
    select
        greatest(count(*), 1) as lines,
        count(*) filter (where line.falls) as decreased,
        count(*) filter (where line.action = 'freeze') as frozen,
        count(*) filter (where line.route = 'referred') as referred,
        count(*) filter (where line.quarantined) as quarantined,
        count(*) filter (where line.grade is null and not line.quarantined) as unscored,
        greatest(cast(coalesce(sum(line.limit_cents), 0) as bigint), 1) as limit_cents,
        cast(coalesce(sum(greatest(-line.moved_cents, 0)), 0) as bigint) as decreased_cents,
        cast(coalesce(sum(greatest(line.moved_cents, 0)), 0) as bigint) as increased_cents
    from line
)

select
    (total.decreased * 10000 + total.lines - 1) // total.lines as decreased_share_bp,
    (total.frozen * 10000 + total.lines - 1) // total.lines as frozen_share_bp,
    (total.referred * 10000 + total.lines - 1) // total.lines as referred_share_bp,
    (total.quarantined * 10000 + total.lines - 1) // total.lines as quarantined_share_bp,
    (total.unscored * 10000 + total.lines - 1) // total.lines as unscored_share_bp,
    cast(
        quotient(
            cast(total.decreased_cents as hugeint) * 10000 + total.limit_cents - 1, total.limit_cents
        ) as bigint
    )
        as decreased_cents_share_bp,
    cast(
        quotient(
            cast(total.increased_cents as hugeint) * 10000 + total.limit_cents - 1, total.limit_cents
        ) as bigint
    )
        as increased_cents_share_bp
from total
