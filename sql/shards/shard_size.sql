-- One row per shard: its borrowers, and the largest control group among them.
with sized as (
    select
        shard_of.shard,
        shard_of.group_id,
        count(*) as borrowers
    from shard_of
    group by shard_of.shard, shard_of.group_id
)

select
    sized.shard,
    cast(sum(sized.borrowers) as bigint) as borrowers,
    cast(max(sized.borrowers) as bigint) as largest_group
from sized
group by sized.shard
order by sized.shard
