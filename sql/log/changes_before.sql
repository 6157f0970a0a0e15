-- One row: how many changes of a batch come before a line's, in the order of the file.
select count(*) as place
from kept_changes
where kept_changes.facility_id < $facility_id
