-- One row per line that is told of a cut: what would help, or why nothing is advised. A promise that stands
-- after tonight is told again; not one that waits for the borrower's word, whose day has come already.
select
    advised.facility_id,
    case
        when coalesce(standing_promise.facility_id, promise_made.facility_id) is not null then 'promise'
        when advice_found.facility_id is null then 'nothing'
        when advice_found.limit_cents <= advised.new_limit_cents then 'no_further'
        else 'indication'
    end as standing,
    case
        when standing_promise.facility_id is not null then standing_promise.code
        when advice_found.facility_id is not null then advice_found.code
        when advised.needs_support then 'support'
        when advised.is_law then 'nothing_law'
        when advised.is_theirs then 'nothing_theirs'
        else 'nothing_time'
    end as code,
    coalesce(standing_promise.amount_cents, advice_found.amount_cents) as amount_cents,
    coalesce(standing_promise.by_on, advice_found.by_on) as by_on,
    coalesce(standing_promise.due_on, advice_found.counts_on) as counts_on,
    coalesce(standing_promise.limit_cents, advice_found.limit_cents) as limit_cents
from advised
left join advice_found on advised.facility_id = advice_found.facility_id
left join promise_made on advised.facility_id = promise_made.facility_id
left join standing_promise
    on advised.is_promised and advised.facility_id = standing_promise.facility_id
order by advised.facility_id
