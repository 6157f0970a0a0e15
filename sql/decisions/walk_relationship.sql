-- One row per line: a long good customer keeps part of what the strategy would take, or rises further.
-- What is forgiven is counted from the anchor, so that a cut in stages ends where one in a single step would.
-- A promise that is due is kept, whatever grade and cool-off would say by now.
-- A rise ends at the amount that the borrower agreed to, or once asked not to pass. Nothing after this step
-- raises a limit above the standing one, save to hold a cut back.
with known as (
    select
        walk_strategy.*,
        coalesce(
            walk_strategy.moves
            and walk_strategy.tenure_months >= walk_strategy.rel_tenure_months
            and walk_strategy.days_past_due = 0
            and walk_strategy.worst_dpd_24m = 0,
            false
        ) as is_long_good
    from walk_strategy
),

kept as (
    select
        known.*,
        case
            when known.is_long_good and known.after_strategy_cents < known.after_gate_cents
                then
                    least(known.after_gate_cents, known.after_strategy_cents + cast(
                        quotient(cast(
                            greatest(known.anchor_limit_cents, known.after_gate_cents)
                            - known.after_strategy_cents
                            as hugeint
                        ) * known.rel_cut_relief_bp, 10000) as bigint
                    ))
            when
                known.is_long_good and known.after_strategy_cents > known.after_gate_cents
                and contains(known.rel_grades, known.grade)
                then known.after_strategy_cents + cast(
                    quotient(
                        cast(known.anchor_limit_cents as hugeint) * known.rel_extra_step_bp, 10000
                    ) as bigint
                )
            else known.after_strategy_cents
        end as kept_cents,
        case
            when not known.is_long_good then null
            when
                known.after_strategy_cents < known.after_gate_cents and known.rel_cut_relief_bp > 0
                then 'cut_relief'
            when
                known.after_strategy_cents > known.after_gate_cents
                and contains(known.rel_grades, known.grade)
                and known.rel_extra_step_bp > 0
                then 'extra_step'
        end as kept_row,
        case
            when not known.is_long_good then null
            when known.after_strategy_cents < known.after_gate_cents and known.rel_cut_relief_bp > 0
                then known.rel_cut_relief_bp
            when
                known.after_strategy_cents > known.after_gate_cents
                and contains(known.rel_grades, known.grade)
                and known.rel_extra_step_bp > 0
                then known.rel_extra_step_bp
        end as kept_value
    from known
),

lifted as (
    select
        kept.*,
        coalesce(
            kept.moves and coalesce(kept.no_rise = 'policy_rule', true)
            and kept.due_promise_cents > kept.kept_cents,
            false
        ) as keeps_promise
    from kept
),

promised as (
    select
        lifted.* exclude (keeps_promise) replace (
            case when lifted.keeps_promise then lifted.due_promise_cents else lifted.kept_cents end
                as kept_cents,
            case when lifted.keeps_promise then 'promise' else lifted.kept_row end as kept_row,
            case when lifted.keeps_promise then lifted.due_promise_cents else lifted.kept_value end
                as kept_value
        )
    from lifted
),

bounded as (
    select
        promised.*,
        coalesce(
            promised.kept_cents > greatest(promised.after_gate_cents, promised.rise_ceiling_cents), false
        ) and promised.rise_ceiling_cents is not null as ends_at_ceiling
    from promised
)

select
    bounded.* exclude (kept_cents, kept_row, kept_value),
    case
        when bounded.ends_at_ceiling then greatest(bounded.after_gate_cents, bounded.rise_ceiling_cents)
        else bounded.kept_cents
    end as after_relationship_cents,
    case
        when not bounded.ends_at_ceiling then bounded.kept_row
        when bounded.consent_given and bounded.consented_limit_cents = bounded.rise_ceiling_cents
            then 'consented_amount'
        else 'customer_decrease'
    end as relationship_row,
    case
        when bounded.ends_at_ceiling then bounded.rise_ceiling_cents
        else bounded.kept_value
    end as relationship_value
from bounded
