-- One row per row of grade_fall and variant of the walk.
select
    walk_grade.facility_id,
    grade_fall.* exclude (facility_id)
from walk_grade
inner join main.grade_fall on walk_grade.own_facility_id = grade_fall.facility_id
