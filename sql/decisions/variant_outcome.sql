-- One row per line that falls tonight: where it would end with other steps of the walk switched on, and
-- the row by which the step in question would do it.
select
    ground_line.facility_id,
    $tried_step as step,
    $tried_kind as kind,
    walk_floor.proposed_limit_cents,
    case $tried_step
        when 'gate' then walk_floor.gate_row
        when 'strategy' then walk_floor.strategy_row
        when 'affordability' then walk_floor.affordability_row
        when 'expected_loss' then walk_floor.expected_loss_row
        when 'exposure' then walk_floor.exposure_row
        else walk_floor.regulation_row
    end as step_row
from ground_line
inner join walk_floor on ground_line.facility_id = walk_floor.facility_id
