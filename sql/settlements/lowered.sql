-- One row per line that a settlement lowers and tells so: from what to what, and whether law asks for it.
-- What people decided rests on their own reasons.
select
    settled_line.facility_id,
    night_decision.borrower_id,
    night_decision.segment,
    settled_line.standing_limit_cents as old_limit_cents,
    settled_line.new_limit_cents,
    night_decision.drawn_cents,
    coalesce(night_decision.binding_step = 'regulation', false) as is_law,
    false as is_theirs
from settled_line
inner join night_decision on settled_line.facility_id = night_decision.facility_id
where settled_line.action = 'decrease' and settled_line.new_limit_cents < settled_line.standing_limit_cents
order by settled_line.facility_id
