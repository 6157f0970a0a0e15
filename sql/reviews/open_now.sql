-- One row per case that somebody is to look at, in the order to look at them: most harm first (an unknown one
-- before all), then the oldest.
select
    in_line.case_id,
    in_line.borrower_id,
    in_line.kind,
    in_line.opened_on,
    in_line.due_on,
    in_line.stage,
    in_line.holder,
    cast(row_number() over (
        order by in_line.harm_cents desc nulls first, in_line.opened_on, in_line.borrower_id, in_line.case_id
    ) as integer) as priority
from in_line
where in_line.left_out = '' and in_line.kind in (select unnest(cast($kinds as varchar[])))
order by priority
