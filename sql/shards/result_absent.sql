-- One row per line that some night knew and tonight's source leaves out, of those that the shard carries on.
select absent.*
from absent
order by absent.facility_id
