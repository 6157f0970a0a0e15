-- One row of `unclassed` per facility that the shard decides; what it read of others is left out.
select unclassed.*
from unclassed
semi join own on unclassed.borrower_id = own.borrower_id
order by unclassed.facility_id
