-- One row: by how much a night, or a revision of it, lowers limits, and raises them, in cents of the
-- reporting currency. Each line is rounded down to cents of it.
select
    cast(coalesce(sum(greatest(
        cast(changing_line.old_limit_cents - changing_line.new_limit_cents as hugeint), 0
    ) * fx_latest.rate_ppm // 1000000), 0) as bigint) as decreased,
    cast(coalesce(sum(greatest(
        cast(changing_line.new_limit_cents - changing_line.old_limit_cents as hugeint), 0
    ) * fx_latest.rate_ppm // 1000000), 0) as bigint) as increased
from changing_line
inner join fx_latest on changing_line.currency = fx_latest.currency
