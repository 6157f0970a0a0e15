-- One row per line of the night: what the split of causes starts from.
select
    decisions.facility_id,
    decisions.due_because,
    decisions.stability_row
from decisions
order by decisions.facility_id
