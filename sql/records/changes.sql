-- One row per line whose limit, rate or block changes tonight by itself: what is published, so the limit is
-- the one left in force, not the one proposed. An offer moves no limit, and a line that goes to a person
-- changes when that person has answered, save that a freeze waits for nobody, nor does what the law takes,
-- nor a rate that it lowers.
select
    substr(
        sha256($kind || '|' || cast($as_of as varchar) || '|' || decisions.facility_id), 1, 32
    ) as change_id,
    cast($batch as varchar) as batch,
    decisions.facility_id,
    cast($as_of as date) as as_of,
    decisions.effective_on,
    decisions.limit_cents as old_limit_cents,
    decisions.committed_limit_cents as new_limit_cents,
    decisions.rate_bp as old_rate_bp,
    decisions.committed_rate_bp as new_rate_bp,
    decisions.drawdown_blocked as blocked,
    cast(null as bigint) as cause_carried_cents,
    cast(null as bigint) as cause_circumstances_cents,
    cast(null as bigint) as cause_data_cents,
    cast(null as bigint) as cause_model_cents,
    cast(null as bigint) as cause_policy_cents,
    cast(null as bigint) as cause_regulation_cents,
    cast(null as varchar) as case_id
from decisions
where
    decisions.action = 'freeze'
    or decisions.committed_limit_cents <> decisions.limit_cents
    or (
        decisions.route = 'automatic'
        and decisions.action = 'unfreeze'
    )
    or decisions.committed_rate_bp is distinct from decisions.rate_bp
order by decisions.facility_id
