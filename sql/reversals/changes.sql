-- One row per line that is set back to where the night found it. The rate is left: it never rises by itself.
select
    substr(
        sha256('reversal|' || cast($reversed as varchar) || '|' || undone_line.facility_id), 1, 32
    ) as change_id,
    cast($batch as varchar) as batch,
    undone_line.facility_id,
    cast($as_of as date) as as_of,
    undone_line.effective_on,
    undone_line.limit_cents as old_limit_cents,
    undone_line.restored_limit_cents as new_limit_cents,
    undone_line.rate_bp as old_rate_bp,
    undone_line.rate_bp as new_rate_bp,
    undone_line.blocked,
    cast(null as bigint) as cause_carried_cents,
    cast(null as bigint) as cause_circumstances_cents,
    cast(null as bigint) as cause_data_cents,
    cast(null as bigint) as cause_model_cents,
    cast(null as bigint) as cause_policy_cents,
    cast(null as bigint) as cause_regulation_cents,
    cast(null as varchar) as case_id
from undone_line
order by undone_line.facility_id
