-- One row per line of the members: why its review was due tonight, or that it was not.
select
    decided_line.facility_id,
    decided_line.due_because
from decided_line
where decided_line.facility_id in (select member_line.facility_id from member_line)
order by decided_line.facility_id
