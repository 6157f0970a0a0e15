-- One row per kind of case and reason that open ones are left out of the queue: how many.
select
    in_line.kind,
    in_line.left_out,
    count(*) as cases
from in_line
where in_line.left_out <> '' and in_line.kind in (select unnest(cast($kinds as varchar[])))
group by in_line.kind, in_line.left_out
order by in_line.kind, in_line.left_out
