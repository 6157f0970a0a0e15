-- One row per made-up line named in $facilities: its decision.
select decisions.*
from decisions
where list_contains(cast($facilities as varchar[]), decisions.facility_id)
order by decisions.facility_id
