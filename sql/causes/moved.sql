-- One row per line whose limit the night moves by itself, with the day on which it was last set or
-- reaffirmed, if that was before.
select
    decisions.facility_id,
    decisions.group_id,
    case when decisions.anchor_on < night.as_of then decisions.anchor_on end as anchor_on,
    decisions.limit_cents as old_limit_cents,
    decisions.committed_limit_cents as new_limit_cents
from decisions
cross join night
where decisions.committed_limit_cents <> decisions.limit_cents
order by decisions.facility_id
