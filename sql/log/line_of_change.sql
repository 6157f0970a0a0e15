-- One row at most: the line that a change of a batch is of.
select kept_changes.facility_id
from kept_changes
where kept_changes.change_id = $change_id
