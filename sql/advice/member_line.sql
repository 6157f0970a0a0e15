-- One row per unit and line of its members, as tonight's source has them.
select
    member.unit,
    stg_facility.facility_id
from member
inner join stg_facility on member.borrower_id = stg_facility.borrower_id
order by member.unit, stg_facility.facility_id
