-- One row per row of line_rule and variant of the walk.
select
    walk_grade.facility_id,
    line_rule.* exclude (facility_id)
from walk_grade
inner join main.line_rule on walk_grade.own_facility_id = line_rule.facility_id
