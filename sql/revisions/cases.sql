-- One row per case of a revision: as it is, but one that was closed since the night is opened as a new one.
select
    cases.* replace (
        case
            when closed_case.case_id is null then cases.case_id
            else substr(sha256(cast($number as varchar) || '|' || cases.case_id), 1, 32)
        end as case_id
    )
from cases
left join closed_case on cases.case_id = closed_case.case_id
order by cases.priority
