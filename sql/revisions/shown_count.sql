-- One row: how many lines the source shows with the limit that the night left, which it could not show yet at
-- the end of the day.
select count(distinct first_change.facility_id) as lines
from first_change
inner join stg_facility on first_change.facility_id = stg_facility.facility_id
inner join first_decision on first_change.facility_id = first_decision.facility_id
where
    first_change.new_limit_cents <> first_change.old_limit_cents
    and stg_facility.credit_limit_cents = first_change.new_limit_cents
    and first_decision.source_limit_cents <> first_change.new_limit_cents
