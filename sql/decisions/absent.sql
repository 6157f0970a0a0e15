-- One row per line that some night knew and tonight's source leaves out: what it will carry on from when it
-- is back, as the last night that decided it left it. After four hundred days it is forgotten.
select past_decision.* replace (cast(null as integer) as score)
from past_decision
cross join night
where
    past_decision.decided_on + 400 >= night.as_of
    and past_decision.facility_id not in (select stg_facility.facility_id from stg_facility)
