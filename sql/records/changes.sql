-- One row per line that a batch changes (its changing_line): what is published. The change is named after the
-- kind of batch, the night that it is about and the line, so that the same one always has the same name.
select
    substr(
        sha256($kind || '|' || cast($night as varchar) || '|' || changing_line.facility_id), 1, 32
    ) as change_id,
    cast($batch as varchar) as batch,
    changing_line.facility_id,
    cast($as_of as date) as as_of,
    changing_line.effective_on,
    changing_line.old_limit_cents,
    changing_line.new_limit_cents,
    changing_line.old_rate_bp,
    changing_line.new_rate_bp,
    changing_line.blocked,
    changing_line.new_limit_cents - changing_line.old_limit_cents - coalesce(
        cause_of_line.cause_circumstances_cents + cause_of_line.cause_data_cents
        + cause_of_line.cause_model_cents + cause_of_line.cause_policy_cents
        + cause_of_line.cause_regulation_cents,
        0
    ) as cause_carried_cents,
    coalesce(cause_of_line.cause_circumstances_cents, 0) as cause_circumstances_cents,
    coalesce(cause_of_line.cause_data_cents, 0) as cause_data_cents,
    coalesce(cause_of_line.cause_model_cents, 0) as cause_model_cents,
    coalesce(cause_of_line.cause_policy_cents, 0) as cause_policy_cents,
    coalesce(cause_of_line.cause_regulation_cents, 0) as cause_regulation_cents,
    cast(null as varchar) as case_id,
    cause_of_line.* exclude (
        facility_id, cause_circumstances_cents, cause_data_cents, cause_model_cents, cause_policy_cents,
        cause_regulation_cents
    )
from changing_line
left join cause_of_line on changing_line.facility_id = cause_of_line.facility_id
order by changing_line.facility_id
