-- One row per line of the night: what the split of causes starts from.
select
    decisions.facility_id,
    decisions.group_id,
    decisions.anchor_on,
    decisions.due_because,
    decisions.limit_cents as old_limit_cents,
    decisions.committed_limit_cents as new_limit_cents
from decisions
order by decisions.facility_id
