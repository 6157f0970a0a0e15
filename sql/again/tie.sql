-- One row per way from a borrower to another without whom they cannot be decided: tied to them by control, at
-- any time, or, one hand further, standing behind a line of theirs.
select
    stg_control_link.borrower_id as of_borrower_id,
    stg_control_link.related_borrower_id as borrower_id,
    0 as hands
from stg_control_link
union all
select
    stg_control_link.related_borrower_id,
    stg_control_link.borrower_id,
    0
from stg_control_link
union all
select
    stg_facility.borrower_id,
    stg_guarantee.provider_id,
    1
from stg_guarantee
inner join stg_facility on stg_guarantee.facility_id = stg_facility.facility_id
