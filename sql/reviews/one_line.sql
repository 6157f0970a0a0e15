-- One row: the decision on the line $facility_id.
select decisions.*
from decisions
where decisions.facility_id = $facility_id
