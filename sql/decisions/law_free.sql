-- One row per line of a group that the law bound: where it would end with no cap, gate or block of law.
select
    walk_grade.own_facility_id as facility_id,
    walk_floor.proposed_limit_cents
from walk_floor
inner join walk_grade on walk_floor.facility_id = walk_grade.facility_id
inner join variant on walk_grade.variant = variant.variant
where variant.kind = 'lawless'
