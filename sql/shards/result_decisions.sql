-- One row of `decisions` per facility that the shard decides; what it read of others is left out.
select decisions.*
from decisions
semi join own on decisions.borrower_id = own.borrower_id
order by decisions.facility_id
