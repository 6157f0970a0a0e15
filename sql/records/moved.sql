-- One row: by how much the night lowers limits, and raises them, in cents of the reporting currency. Each
-- line is rounded down to cents of it.
select
    cast(coalesce(sum(greatest(
        cast(decisions.limit_cents - decisions.committed_limit_cents as hugeint), 0
    ) * fx_latest.rate_ppm // 1000000), 0) as bigint) as decreased,
    cast(coalesce(sum(greatest(
        cast(decisions.committed_limit_cents - decisions.limit_cents as hugeint), 0
    ) * fx_latest.rate_ppm // 1000000), 0) as bigint) as increased
from decisions
inner join fx_latest on decisions.currency = fx_latest.currency
