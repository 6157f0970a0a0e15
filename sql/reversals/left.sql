-- One row per line that the night changed and that is not set back, with why.
select
    changed_line.facility_id,
    changed_line.wrong_change_id,
    changed_line.limit_cents,
    changed_line.restored_limit_cents as not_restored_limit_cents,
    changed_line.left_because
from changed_line
where changed_line.left_because is not null
order by changed_line.facility_id
