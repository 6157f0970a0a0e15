-- One row per line that a held night would block: its freeze, and nothing else that the night decided. Its
-- limit and rate stay as they are. A block that is to stand while people are asked falls with their case.
select
    decisions.facility_id,
    cast($as_of as date) + 1 as effective_on,
    decisions.limit_cents as old_limit_cents,
    decisions.limit_cents as new_limit_cents,
    decisions.rate_bp as old_rate_bp,
    decisions.rate_bp as new_rate_bp,
    true as blocked
from decisions
where decisions.action = 'freeze' and decisions.review_block is null
order by decisions.facility_id
