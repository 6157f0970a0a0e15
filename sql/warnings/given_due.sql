-- One row per line that is reviewed ahead of its day.
select
    candidate.facility_id,
    candidate.due_because
from candidate
order by candidate.facility_id
