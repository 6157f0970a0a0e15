-- One row per line that is blocked out of a held night: its limit and rate stay as they are.
select
    substr(
        sha256('protective|' || cast($as_of as varchar) || '|' || blocked_line.facility_id), 1, 32
    ) as change_id,
    cast($batch as varchar) as batch,
    blocked_line.facility_id,
    cast($as_of as date) as as_of,
    cast($as_of as date) + 1 as effective_on,
    blocked_line.limit_cents as old_limit_cents,
    blocked_line.limit_cents as new_limit_cents,
    blocked_line.rate_bp as old_rate_bp,
    blocked_line.rate_bp as new_rate_bp,
    true as blocked,
    cast(null as bigint) as cause_carried_cents,
    cast(null as bigint) as cause_circumstances_cents,
    cast(null as bigint) as cause_data_cents,
    cast(null as bigint) as cause_model_cents,
    cast(null as bigint) as cause_policy_cents,
    cast(null as bigint) as cause_regulation_cents,
    cast(null as varchar) as case_id
from blocked_line
order by blocked_line.facility_id
