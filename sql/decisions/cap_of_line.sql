-- One row per step with a hard cap and line that one bound: the lowest limit that any of its caps leaves.
select
    headroom_cut.step,
    headroom_cut.facility_id,
    headroom_cut.capped_cents,
    headroom_cut.cap_row,
    headroom_cut.cap_cents,
    bool_or(headroom_cut.remains) over (partition by headroom_cut.step, headroom_cut.facility_id) as remains
from headroom_cut
qualify row_number() over (
    partition by headroom_cut.step, headroom_cut.facility_id
    order by headroom_cut.capped_cents, headroom_cut.cap_row
) = 1
