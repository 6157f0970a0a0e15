-- One row per line that a held night would block: its freeze, and nothing else that the night decided.
select
    decisions.facility_id,
    decisions.limit_cents,
    decisions.rate_bp
from decisions
where decisions.action = 'freeze'
order by decisions.facility_id
