-- One row per promise that stands.
select past_promise.*
from past_promise
order by past_promise.facility_id
