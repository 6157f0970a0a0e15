-- One row per line that people decided, as it is kept: what they asked for, on what, and what came of it.
select
    settled_line.facility_id,
    settled_line.case_id,
    settled_line.outcome,
    settled_line.reason,
    settled_line.decided_by,
    settled_line.agreed_by,
    settled_line.evidence,
    settled_line.standing_limit_cents,
    settled_line.asked_limit_cents,
    settled_line.after_exposure_cents,
    settled_line.after_regulation_cents,
    settled_line.after_floor_cents,
    settled_line.new_limit_cents,
    settled_line.action,
    settled_line.effective_on
from settled_line
order by settled_line.facility_id
