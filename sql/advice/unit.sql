-- One row per line that is searched for: whatever can be done about it is tried on rows of its own.
select
    cast(row_number() over (order by advised.facility_id) as integer) as unit,
    advised.*
from advised
where not advised.needs_support and not advised.is_law and not advised.is_promised
order by unit
