-- One row per line that the last night left, with the shard that carries it on: its borrower's tonight, and
-- any one where tonight's source leaves the line out.
select
    past_decision.*,
    coalesce(shard_of.shard, cast(hash(past_decision.facility_id) % $shards as integer)) as shard
from past_decision
left join stg_facility on past_decision.facility_id = stg_facility.facility_id
left join shard_of on stg_facility.borrower_id = shard_of.borrower_id
