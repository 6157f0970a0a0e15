-- One row per shard and borrower whose rows it reads: its own; and whoever stands behind a line of these,
-- with their control group, and whoever stands behind a line of those in turn: a cover is worth what its
-- provider is, whose own covers are among what they are scored by.
with provided as (
    select distinct
        owner.borrower_id,
        provider.group_id
    from stg_guarantee
    inner join stg_facility on stg_guarantee.facility_id = stg_facility.facility_id
    inner join shard_of as owner on stg_facility.borrower_id = owner.borrower_id
    inner join shard_of as provider on stg_guarantee.provider_id = provider.borrower_id
),

first_hand as (
    select distinct
        shard_of.shard,
        lent.borrower_id
    from provided
    inner join shard_of on provided.borrower_id = shard_of.borrower_id
    inner join shard_of as lent on provided.group_id = lent.group_id
),

second_hand as (
    select distinct
        first_hand.shard,
        lent.borrower_id
    from first_hand
    inner join provided on first_hand.borrower_id = provided.borrower_id
    inner join shard_of as lent on provided.group_id = lent.group_id
)

select
    shard_of.shard,
    shard_of.borrower_id,
    true as is_own
from shard_of
union all
select
    lent.shard,
    lent.borrower_id,
    false as is_own
from (
    from first_hand
    union
    from second_hand
) as lent
anti join shard_of on lent.borrower_id = shard_of.borrower_id and lent.shard = shard_of.shard
