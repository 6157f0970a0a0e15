-- One row per line: what blocks drawing, what keeps the line from moving, what forbids a rise; and the
-- limit after the gate, which moves only where a non-revolving line follows its schedule.
with gated as (
    select
        walk_grade.*,
        case
            when walk_grade.quarantined then null
            when walk_grade.is_deceased then 'deceased'
            when walk_grade.fraud_flag = 'first_party' then 'first_party_fraud'
            when walk_grade.borrower_dpd >= 90 then 'default_90_dpd'
            when walk_grade.freeze_kind = 'bankruptcy' then 'treatment_bankruptcy'
            when walk_grade.freeze_kind is not null then 'treatment_' || walk_grade.freeze_kind
            when walk_grade.fraud_flag = 'victim' then 'fraud_victim_block'
            when switches.law and walk_grade.law_block is not null then walk_grade.law_block
            when walk_grade.matured_blocks and walk_grade.matures_on < walk_grade.as_of then 'matured'
        end as block,
        not walk_grade.recommend_only or coalesce(list_contains(pol_commitment.freezes, block), false)
            as block_is_carried_out,
        walk_grade.recommend_only and not walk_grade.is_revolving as follows_advice,
        switches.gate as gate_on,
        switches.law and coalesce(walk_grade.law_forbids_rise, false) as law_bars_rise,
        coalesce(line_rule.rules, cast([] as varchar[])) as rules,
        coalesce(line_rule.rule_holds, false) as rule_holds,
        coalesce(line_rule.rule_forbids_rise, false) as rule_forbids_rise,
        coalesce(line_rule.rule_refers, false) as rule_refers
    from walk_grade
    inner join switches on walk_grade.variant = switches.variant
    cross join pol_commitment
    left join line_rule on walk_grade.facility_id = line_rule.facility_id
),

stopped as (
    select
        gated.*,
        case
            when gated.quarantined then 'quarantined'
            when gated.block is not null then 'blocked'
            when gated.limit_origin = 'in_flight' then 'in_flight'
            when
                gated.status = 'frozen' or (gated.source_block and not gated.own_block) or gated.person_block
                then 'frozen'
            when gated.hold_kind is not null then 'treatment'
            when gated.rule_holds then 'policy_rule'
            when not gated.is_due then 'not_due'
            when
                not gated.is_revolving and not gated.recommend_only
                and gated.scheduled_limit_cents is not null
                then 'fixed_schedule'
            when gated.grade is null and gated.slot is null then 'unscored'
        end as stop,
        case
            when gated.days_past_due > 0 or gated.borrower_dpd > 0 then 'in_arrears'
            when not gated.arrears_known then 'arrears_unknown'
            when gated.is_over_limit then 'over_limit'
            when gated.in_hardship then 'hardship'
            when gated.no_rise_kind is not null then 'treatment'
            when gated.rule_forbids_rise then 'policy_rule'
            when gated.fraud_flag = 'suspected' then 'fraud_suspected'
            when gated.near_quarantine then 'quarantined'
            when not gated.is_identified then 'identity_unknown'
            when gated.customer_limit_cents <= gated.limit_cents then 'customer_decrease'
            when not gated.rise_consent then 'no_consent'
            when gated.matures_on <= gated.as_of or not gated.is_revolving then 'fixed_schedule'
            when gated.recommend_only then 'committed'
            when gated.law_bars_rise then 'law_forbids_rise'
        end as no_rise
    from gated
)

select
    stopped.* exclude (follows_advice),
    stopped.stop is null as moves,
    case
        when
            stopped.gate_on
            and (stopped.stop = 'fixed_schedule' or (stopped.stop is null and stopped.follows_advice))
            and stopped.scheduled_limit_cents is not null
            then least(stopped.limit_cents, stopped.scheduled_limit_cents)
        else stopped.limit_cents
    end as after_gate_cents,
    case
        when stopped.block is not null then stopped.block
        when stopped.stop is not null then stopped.stop
        when stopped.follows_advice and stopped.scheduled_limit_cents < stopped.limit_cents
            then 'fixed_schedule'
        else stopped.no_rise
    end as gate_row,
    case
        when
            stopped.stop = 'fixed_schedule' or (
                stopped.stop is null and stopped.follows_advice
                and stopped.scheduled_limit_cents < stopped.limit_cents
            )
            then stopped.scheduled_limit_cents
    end as gate_value
from stopped
