-- One row per line and variant of the walk: its loss rate and the covers that cost less, with the security
-- that lapsed where the variant is about it.
select
    walk_grade.facility_id,
    line_risk.own_loss_rate_e8,
    case when variant.kind = 'secured' then restored_cover.covers else line_risk.covers end as covers
from walk_grade
inner join variant on walk_grade.variant = variant.variant
inner join main.line_risk on walk_grade.own_facility_id = line_risk.facility_id
left join main.restored_cover on walk_grade.own_facility_id = restored_cover.facility_id
