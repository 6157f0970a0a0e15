-- One row per line that falls tonight: where it would end with other steps of the walk switched on.
select
    ground_line.facility_id,
    $step,
    $kind,
    walk_floor.proposed_limit_cents
from ground_line
inner join walk_floor on ground_line.facility_id = walk_floor.facility_id
