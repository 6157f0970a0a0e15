-- One row: until when the line $facility_id has a temporary limit.
select stg_facility.temporary_until
from stg_facility
where stg_facility.facility_id = $facility_id
