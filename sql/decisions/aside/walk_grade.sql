-- One row per variant and line of a group that is walked again by it: the line as it stands before the walk.
-- Its keys hold the variant's number, so that no sum over a borrower or a group mixes variants.
with tried_group as (
    select distinct
        variant.variant,
        ground_line.group_id
    from variant
    cross join main.ground_line
    where variant.kind in ('alone', 'secured')
    union all
    select
        variant.variant,
        step_moved.group_id
    from variant
    inner join main.step_moved on variant.step = step_moved.step
    where variant.kind = 'without'
    union all
    select
        variant.variant,
        law_tried.group_id
    from variant
    cross join main.law_tried
    where variant.kind = 'lawless'
)

select
    walk_grade.* exclude (variant, facility_id, borrower_id, group_id),
    tried_group.variant,
    tried_group.variant || '/' || walk_grade.facility_id as facility_id,
    tried_group.variant || '/' || walk_grade.borrower_id as borrower_id,
    tried_group.variant || '/' || walk_grade.group_id as group_id,
    walk_grade.facility_id as own_facility_id,
    walk_grade.borrower_id as own_borrower_id
from main.walk_grade
inner join tried_group on walk_grade.group_id = tried_group.group_id
