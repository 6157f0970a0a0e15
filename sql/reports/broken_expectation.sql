-- One row per expectation that was broken or could not be tried, the gravest first.
select
    validation.table_name,
    validation.expectation,
    validation.severity,
    validation.evaluated,
    validation.unexpected_rows,
    validation.total_rows,
    validation.because
from validation
where not validation.success or not validation.evaluated
order by
    case validation.severity when 'critical' then 1 when 'warning' then 2 else 3 end,
    validation.table_name,
    validation.expectation
