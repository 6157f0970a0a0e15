-- One row per line of a group in which a limit moves: why its review was due tonight, or that it was not.
select
    decided_line.facility_id,
    decided_line.due_because
from decided_line
where decided_line.group_id in (select moved_line.group_id from moved_line)
order by decided_line.facility_id
