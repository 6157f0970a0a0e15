-- One row per line that the drafts would move furthest from what was decided, $most of them, the furthest
-- down first where two lie as far.
select
    paired.facility_id,
    coalesce(paired.segment, 'none') as segment,
    coalesce(paired.was_grade, 'none') as was_grade,
    coalesce(paired.now_grade, 'none') as now_grade,
    paired.limit_cents,
    paired.was_moved_cents,
    paired.now_moved_cents,
    paired.was_direction,
    paired.now_direction,
    paired.was_route,
    paired.now_route,
    paired.was_binding_step,
    paired.now_binding_step
from paired
where paired.was_moved_cents <> paired.now_moved_cents
order by
    abs(paired.now_moved_cents - paired.was_moved_cents) desc,
    paired.now_moved_cents - paired.was_moved_cents,
    paired.facility_id
limit $most
