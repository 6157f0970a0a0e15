-- One row per line of the night: what the split of causes starts from.
select
    decisions.facility_id,
    decisions.due_because
from decisions
order by decisions.facility_id
