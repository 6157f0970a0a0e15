-- One row per line that is told of a cut: what would help, or why nothing is advised.
select
    advised.facility_id,
    case
        when advice_found.facility_id is null then 'nothing'
        when promise_made.facility_id is not null then 'promise'
        else 'indication'
    end as standing,
    case
        when advice_found.facility_id is not null then advice_found.code
        when advised.needs_support then 'support'
        when advised.is_law then 'nothing_law'
        when advised.is_theirs then 'nothing_theirs'
        else 'nothing_time'
    end as code,
    advice_found.amount_cents,
    advice_found.by_on,
    advice_found.counts_on,
    advice_found.limit_cents
from advised
left join advice_found on advised.facility_id = advice_found.facility_id
left join promise_made on advised.facility_id = promise_made.facility_id
order by advised.facility_id
