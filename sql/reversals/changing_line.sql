-- One row per line that is set back to where the night found it. The rate is left: it never rises by itself.
select
    undone_line.facility_id,
    undone_line.effective_on,
    undone_line.limit_cents as old_limit_cents,
    undone_line.restored_limit_cents as new_limit_cents,
    undone_line.rate_bp as old_rate_bp,
    undone_line.rate_bp as new_rate_bp,
    undone_line.blocked
from undone_line
order by undone_line.facility_id
