-- One row per line whose letter could not be written, with the shard that decided it.
select
    draft_failed.facility_id,
    draft_failed.why,
    shard_of.shard
from draft_failed
inner join stg_facility on draft_failed.facility_id = stg_facility.facility_id
inner join shard_of on stg_facility.borrower_id = shard_of.borrower_id
order by shard_of.shard, draft_failed.facility_id
