-- One row per line whose limit, rate or block a settlement changes. An offer moves nothing.
select
    settled_line.facility_id,
    settled_line.case_id,
    settled_line.effective_on,
    settled_line.standing_limit_cents as old_limit_cents,
    settled_line.new_limit_cents,
    settled_line.standing_rate_bp as old_rate_bp,
    settled_line.new_rate_bp,
    settled_line.new_own_block or settled_line.others_block as blocked
from settled_line
where
    settled_line.new_limit_cents <> settled_line.standing_limit_cents
    or settled_line.new_rate_bp is distinct from settled_line.standing_rate_bp
    or settled_line.new_own_block <> settled_line.standing_own_block
order by settled_line.facility_id
