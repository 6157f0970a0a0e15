-- One row per report on the works behind the line $facility_id.
select stg_project_status.*
from stg_project_status
where stg_project_status.facility_id = $facility_id
