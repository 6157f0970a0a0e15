-- One row per currency and step of the walk, in order: by how much it moved the sum of limits, and the
-- limits of how many borrowers. The last row is what the dead band left undone.
with step_of as (
    select
        decisions.currency,
        decisions.borrower_id,
        unnest([
            struct_pack(ordinal := 1, step := 'gate', moved := after_gate_cents - limit_cents),
            struct_pack(ordinal := 2, step := 'strategy', moved := after_strategy_cents - after_gate_cents),
            struct_pack(
                ordinal := 3, step := 'relationship', moved := after_relationship_cents - after_strategy_cents
            ),
            struct_pack(
                ordinal := 4, step := 'affordability',
                moved := after_affordability_cents - after_relationship_cents
            ),
            struct_pack(
                ordinal := 5, step := 'expected_loss',
                moved := after_expected_loss_cents - after_affordability_cents
            ),
            struct_pack(
                ordinal := 6, step := 'stability', moved := after_stability_cents - after_expected_loss_cents
            ),
            struct_pack(
                ordinal := 7, step := 'exposure', moved := after_exposure_cents - after_stability_cents
            ),
            struct_pack(
                ordinal := 8, step := 'regulation', moved := after_regulation_cents - after_exposure_cents
            ),
            struct_pack(ordinal := 9, step := 'floor', moved := after_floor_cents - after_regulation_cents),
            struct_pack(ordinal := 10, step := 'dead_band', moved := proposed_limit_cents - after_floor_cents)
        ]) as step
    from decisions
)

select
    step_of.currency,
    step_of.step.ordinal,
    step_of.step.step,
    cast(sum(step_of.step.moved) as bigint) as moved_cents,
    count(distinct step_of.borrower_id) filter (where step_of.step.moved <> 0) as borrowers
from step_of
group by step_of.currency, step_of.step.ordinal, step_of.step.step
order by step_of.currency, step_of.step.ordinal
