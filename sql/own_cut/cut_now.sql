-- One row per line that a full step would cut tonight, in segments whose policy asks what the cut itself
-- does: the limit that would be left. What is owed stays.
select
    walk_grade.facility_id,
    walk_grade.borrower_id,
    walk_grade.borrower_type,
    walk_grade.pd_bp,
    greatest(
        walk_stability.after_stability_cents, least(walk_grade.limit_cents, walk_grade.owed_cents)
    ) as left_cents
from walk_grade
inner join walk_stability on walk_grade.facility_id = walk_stability.facility_id
where
    walk_grade.stab_down_grade_fall_bp is not null
    and walk_stability.after_stability_cents < walk_grade.limit_cents
order by walk_grade.facility_id
