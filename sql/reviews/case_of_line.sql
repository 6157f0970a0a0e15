-- One row if the line $facility_id is in a case that the night opened or joined.
select
    cases.case_id,
    cases.kind,
    cases.opened_on,
    cases.due_on
from cases
where list_contains(cases.facility_ids, $facility_id)
order by cases.case_id
