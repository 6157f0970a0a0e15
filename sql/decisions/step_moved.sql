-- One row per lowering step and exposure group with a falling line in which it moved a line: where leaving
-- it out is worth a try.
with falling as (
    select decided.*
    from decided
    where decided.group_id in (select ground_line.group_id from ground_line)
)

select distinct
    'gate' as step,
    falling.group_id
from falling
where falling.after_gate_cents <> falling.limit_cents
union all
select distinct
    'strategy' as step,
    falling.group_id
from falling
where falling.after_strategy_cents <> falling.after_gate_cents
union all
select distinct
    'affordability' as step,
    falling.group_id
from falling
where falling.after_affordability_cents <> falling.after_relationship_cents
union all
select distinct
    'expected_loss' as step,
    falling.group_id
from falling
where falling.after_expected_loss_cents <> falling.after_affordability_cents
union all
select distinct
    'exposure' as step,
    falling.group_id
from falling
where falling.after_exposure_cents <> falling.after_stability_cents
union all
select distinct
    'regulation' as step,
    falling.group_id
from falling
where falling.after_regulation_cents <> falling.after_exposure_cents
