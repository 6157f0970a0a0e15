-- One row per line whose limit a settlement moves, with the day on which it was last set or reaffirmed, if
-- that was before the night.
select
    settled_line.facility_id,
    night_decision.group_id,
    case when night_decision.anchor_on < night.as_of then night_decision.anchor_on end as anchor_on,
    settled_line.standing_limit_cents as old_limit_cents,
    settled_line.new_limit_cents
from settled_line
cross join night
inner join night_decision on settled_line.facility_id = night_decision.facility_id
where settled_line.new_limit_cents <> settled_line.standing_limit_cents
order by settled_line.facility_id
