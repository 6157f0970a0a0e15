-- One row per borrower of tonight: the shard that decides their lines. A control group stays whole: its shard
-- is a hash of the group. A group of more than $most borrowers has a shard of its own, numbered after the
-- others, so that nobody waits behind it.
with owner as (
    select stg_borrower.borrower_id
    from stg_borrower
    union
    select stg_facility.borrower_id
    from stg_facility
    union
    select exposure_group.borrower_id
    from exposure_group
),

grouped as (
    select
        owner.borrower_id,
        coalesce(exposure_group.group_id, owner.borrower_id) as group_id
    from owner
    left join exposure_group on owner.borrower_id = exposure_group.borrower_id
),

giant as (
    select
        exposure_group.group_id,
        cast(count(*) as bigint) as borrowers,
        cast(row_number() over (order by exposure_group.group_id) as integer) as place
    from exposure_group
    group by exposure_group.group_id
    having count(*) > $most
)

select
    grouped.borrower_id,
    grouped.group_id,
    case
        when giant.group_id is not null then cast($shards as integer) + giant.place - 1
        else cast(hash(grouped.group_id) % $shards as integer)
    end as shard
from grouped
left join giant on grouped.group_id = giant.group_id
where grouped.borrower_id is not null
