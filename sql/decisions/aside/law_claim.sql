-- One row per line, variant of the walk and cap of law in whose scope it is: whose limits the cap adds up.
select
    walk_grade.facility_id,
    law_claim.* exclude (facility_id) replace (
        walk_grade.variant || '/' || law_claim.owner_id as owner_id
    )
from walk_grade
inner join main.law_claim on walk_grade.own_facility_id = law_claim.facility_id
