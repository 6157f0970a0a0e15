-- One row per line that was walked again with no cap, gate or block of law in force: where it would end.
select
    walk_floor.facility_id,
    walk_floor.proposed_limit_cents
from walk_floor
