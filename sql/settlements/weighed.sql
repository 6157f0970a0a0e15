-- One row per line that people decided: where it would end, and what keeps it from what they ask.
select
    reviewed_line.case_id,
    reviewed_line.facility_id,
    reviewed_line.outcome,
    reviewed_line.reason,
    reviewed_line.action,
    reviewed_line.standing_limit_cents,
    reviewed_line.asked_limit_cents,
    reviewed_line.bound_by,
    reviewed_line.ends_at_cents,
    reviewed_line.moved_rep_cents,
    reviewed_line.rate_ppm,
    reviewed_line.asks_block,
    reviewed_line.night_reasons
from reviewed_line
order by reviewed_line.case_id, reviewed_line.facility_id
