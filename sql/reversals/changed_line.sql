-- One row per line that the night changed and that was asked for: what undoing it would restore, and why it
-- is left alone, if it is. `past_decision` is how lines stand now, `before_decision` as the night found them.
select
    wrong_change.facility_id,
    wrong_change.change_id as wrong_change_id,
    wrong_change.effective_on as wrong_effective_on,
    wrong_change.new_rate_bp as rate_bp,
    decisions.borrower_id,
    decisions.segment,
    decisions.currency,
    wrong_change.new_limit_cents as limit_cents,
    wrong_change.old_limit_cents as restored_limit_cents,
    coalesce(before_decision.own_block, false) as restored_own_block,
    coalesce(before_decision.own_block, false)
    or (decisions.drawdown_blocked and not decisions.own_block) as blocked,
    case
        when past_decision.facility_id is null then 'closed'
        when
            later_line.facility_id is not null
            or past_decision.committed_limit_cents <> wrong_change.new_limit_cents
            or past_decision.own_block <> decisions.own_block then 'changed_since'
        when
            wrong_change.new_limit_cents = wrong_change.old_limit_cents
            and decisions.own_block = coalesce(before_decision.own_block, false) then 'rate_stands'
        when
            wrong_change.old_limit_cents > wrong_change.new_limit_cents
            and decisions.law_limit_cents is not null then 'law_holds'
        when
            decisions.own_block and not coalesce(before_decision.own_block, false)
            and decisions.gate_row in (
                'deceased', 'first_party_fraud', 'fraud_victim_block', 'debt_over_legal_limit',
                'persistent_debt', 'identity_unverified'
            ) then 'block_holds'
        when
            wrong_change.old_limit_cents < wrong_change.new_limit_cents
            and wrong_change.old_limit_cents
            < coalesce(past_decision.owed_cents, wrong_change.new_limit_cents) then 'drawn_since'
    end as left_because
from wrong_change
inner join decisions on wrong_change.facility_id = decisions.facility_id
inner join picked_line on wrong_change.facility_id = picked_line.facility_id
left join past_decision on wrong_change.facility_id = past_decision.facility_id
left join before_decision on wrong_change.facility_id = before_decision.facility_id
left join later_line on wrong_change.facility_id = later_line.facility_id
order by wrong_change.facility_id
