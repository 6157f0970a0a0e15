-- One row per line of which it is searched for what would help.
select advised.facility_id
from advised
where not advised.needs_support and not advised.is_law and not advised.is_promised
order by advised.facility_id
