-- One row per line, its limit as it would be left: of those that would be cut, what the walk proposes.
select
    rows_.*
    replace (coalesce(cut_line.proposed_limit_cents, rows_.credit_limit_cents) as credit_limit_cents)
from main.stg_facility as rows_
left join cut_line on rows_.facility_id = cut_line.facility_id
