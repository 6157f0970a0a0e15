-- One row per lowering step that moved a falling line or one of its group: the steps worth leaving out.
with falling as (
    select decided.*
    from decided
    where decided.group_id in (select ground_line.group_id from ground_line)
)

select 'gate' as step
from falling
having bool_or(falling.after_gate_cents <> falling.limit_cents)
union all
select 'strategy' as step
from falling
having bool_or(falling.after_strategy_cents <> falling.after_gate_cents)
union all
select 'affordability' as step
from falling
having bool_or(falling.after_affordability_cents <> falling.after_relationship_cents)
union all
select 'expected_loss' as step
from falling
having bool_or(falling.after_expected_loss_cents <> falling.after_affordability_cents)
union all
select 'exposure' as step
from falling
having bool_or(falling.after_exposure_cents <> falling.after_stability_cents)
union all
select 'regulation' as step
from falling
having bool_or(falling.after_regulation_cents <> falling.after_exposure_cents)
