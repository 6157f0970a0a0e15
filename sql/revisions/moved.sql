-- One row: by how much a revision lowers limits, and raises them, from what is in force, in cents of the
-- reporting currency. Each line is rounded down to cents of it.
select
    cast(coalesce(sum(greatest(
        cast(revised_line.old_limit_cents - revised_line.new_limit_cents as hugeint), 0
    ) * fx_latest.rate_ppm // 1000000), 0) as bigint) as decreased,
    cast(coalesce(sum(greatest(
        cast(revised_line.new_limit_cents - revised_line.old_limit_cents as hugeint), 0
    ) * fx_latest.rate_ppm // 1000000), 0) as bigint) as increased
from revised_line
inner join fx_latest on revised_line.currency = fx_latest.currency
