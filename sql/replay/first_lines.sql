-- One row per line that parts, the first $most of them: the step at which it does, and the columns.
select
    parting.facility_id,
    first(parting.step order by parting.ordinal) as step,
    list(parting.column_name order by parting.ordinal) as columns
from parting
group by parting.facility_id
order by parting.facility_id
limit $most
