-- One row per line at hand: where people leave it. Every other line stands still.
select
    lines.facility_id,
    coalesce(asked_line.asked_limit_cents, lines.limit_cents) as reviewed_limit_cents
from lines
left join asked_line on lines.facility_id = asked_line.facility_id
