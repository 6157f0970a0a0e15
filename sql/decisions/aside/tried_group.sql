-- One row per exposure group that is walked again: of the falling lines, all of them with a step alone;
-- without it, those in which it moved a line.
select distinct ground_line.group_id
from main.ground_line
where
    $tried_kind <> 'without'
    or ground_line.group_id in (
        select step_moved.group_id from main.step_moved
        where step_moved.step = $tried_step
    )
