-- One row per row of reviewed and variant of the walk.
select
    walk_grade.facility_id,
    reviewed.* exclude (facility_id)
from walk_grade
inner join main.reviewed on walk_grade.own_facility_id = reviewed.facility_id
