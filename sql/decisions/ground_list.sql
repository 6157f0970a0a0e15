-- One row per line that falls or is blocked: its grounds, what takes most alone first. A schedule is part of
-- the contract; a line long unused has that ground alone only where the matrix would leave it; 90 days late
-- count for the line that is late, and not for another of the same borrower.
select
    ground.facility_id,
    list(struct_pack(
        step := ground.step,
        row := ground.step_row,
        kind := case
            when ground.step = 'gate' then 'agreed'
            when
                ground.step = 'strategy' and ground.step_row = 'long_unused'
                and coalesce(pol_strategy.target_bp, 10000) >= 10000
                then 'inactivity'
            else 'other'
        end,
        class_share_bp := cast(null as integer),
        cents := ground.cents
    ) order by ground.cents desc, list_position(
        ['gate', 'strategy', 'affordability', 'expected_loss', 'exposure', 'regulation'], ground.step
    )) as grounds
from ground
inner join decided on ground.facility_id = decided.facility_id
left join
    pol_strategy
    on
        decided.segment = pol_strategy.segment
        and coalesce(decided.slot, decided.grade) = pol_strategy.rating
        and decided.utilisation_band = pol_strategy.band
group by ground.facility_id
union all
select
    decided.facility_id,
    [struct_pack(
        step := 'gate',
        row := decided.block,
        kind := case
            when decided.block = 'default_90_dpd' and decided.days_past_due >= 90 then 'delinquency'
            else 'other'
        end,
        class_share_bp := cast(null as integer),
        cents := cast(null as bigint)
    )] as grounds
from decided
where decided.proposed_action = 'freeze'
