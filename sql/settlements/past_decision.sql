-- One row per line of the rows at hand: what is in force now. Its limit stands, whatever the night found;
-- where the source shows another, ours is on its way.
select
    in_force.* replace (stg_facility.credit_limit_cents as source_limit_cents)
from in_force
inner join stg_facility on in_force.facility_id = stg_facility.facility_id
