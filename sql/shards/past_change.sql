-- One row per committed change of a line of tonight, with the shard of its borrower.
select
    past_change.facility_id,
    past_change.as_of,
    past_change.old_limit_cents,
    past_change.new_limit_cents,
    shard_of.shard
from past_change
inner join stg_facility on past_change.facility_id = stg_facility.facility_id
inner join shard_of on stg_facility.borrower_id = shard_of.borrower_id
