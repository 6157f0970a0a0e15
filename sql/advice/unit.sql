-- One row per line that is searched for: whatever can be done about it is tried on rows of its own.
select
    cast(row_number() over (order by advised.facility_id) as integer) as unit,
    advised.*
from advised
where
    not advised.needs_support and not advised.is_law
    and advised.facility_id not in (select past_promise.facility_id from past_promise)
order by unit
