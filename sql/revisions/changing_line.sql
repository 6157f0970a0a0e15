-- One row per line that a revision changes: from what is in force to what it decides.
select
    revised_line.facility_id,
    revised_line.currency,
    revised_line.effective_on,
    revised_line.old_limit_cents,
    revised_line.new_limit_cents,
    revised_line.old_rate_bp,
    revised_line.new_rate_bp,
    revised_line.blocked
from revised_line
order by revised_line.facility_id
