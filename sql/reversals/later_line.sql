-- One row per line that was changed after the night that is to be undone, by whatever batch.
select distinct later_change.facility_id
from later_change
order by later_change.facility_id
