-- One row: how many decisions of a batch come before a line's, in the order of the file.
select count(*) as place
from kept_decisions
where kept_decisions.facility_id < $facility_id
