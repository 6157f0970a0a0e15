-- One row per borrower with a line that is not closed: all its limits in the reporting currency, rounded up.
select
    lines.borrower_id,
    cast(sum(
        quotient(cast(lines.limit_cents as hugeint) * lines.rate_ppm + 999999, 1000000)
    ) as bigint) as all_limits_cents
from lines
group by lines.borrower_id
