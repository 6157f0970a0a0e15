-- One row per line whose limit, rate or block changes tonight by itself: the limit is the one left in force,
-- not the one proposed. An offer moves no limit, and a line that goes to a person changes when that person
-- has answered, save that a freeze waits for nobody, nor does what the law takes, nor a rate that it lowers.
select
    decisions.facility_id,
    decisions.currency,
    decisions.effective_on,
    decisions.limit_cents as old_limit_cents,
    decisions.committed_limit_cents as new_limit_cents,
    decisions.rate_bp as old_rate_bp,
    decisions.committed_rate_bp as new_rate_bp,
    decisions.drawdown_blocked as blocked
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
