-- One row per line of which it is searched for what would help.
select advised.facility_id
from advised
where
    not advised.needs_support and not advised.is_law
    and advised.facility_id not in (select past_promise.facility_id from past_promise)
order by advised.facility_id
