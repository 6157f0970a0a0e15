-- One row if a batch moves the limit of the line $facility_id: from what to what, and what moved it.
select changes.*
from changes
where changes.facility_id = $facility_id and changes.old_limit_cents <> changes.new_limit_cents
