-- One row per line that falls tonight and variant of the walk: where it would end, and the row by which the
-- step in question would do it.
select
    walk_grade.own_facility_id as facility_id,
    variant.step,
    variant.kind,
    walk_floor.proposed_limit_cents,
    case variant.step
        when 'gate' then walk_floor.gate_row
        when 'strategy' then walk_floor.strategy_row
        when 'affordability' then walk_floor.affordability_row
        when 'expected_loss' then walk_floor.expected_loss_row
        when 'exposure' then walk_floor.exposure_row
        else walk_floor.regulation_row
    end as step_row
from walk_floor
inner join walk_grade on walk_floor.facility_id = walk_grade.facility_id
inner join variant on walk_grade.variant = variant.variant
inner join main.ground_line on walk_grade.own_facility_id = ground_line.facility_id
where variant.kind <> 'lawless'
