-- One row per line that is reviewed on $day and would be cut. All are tried, late ones too: a warning is told
-- only where the cut comes though everything is paid in time from now on.
select all_advised.* replace (false as needs_support, false as is_law)
from all_advised
where all_advised.next_due_on = $day
order by all_advised.facility_id
