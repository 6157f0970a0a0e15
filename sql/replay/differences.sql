-- One row per line and column in which the committed decision and the one made again differ, both as text.
select
    parting.facility_id,
    parting.step,
    parting.column_name,
    parting.committed,
    parting.again
from parting
order by parting.facility_id, parting.ordinal
