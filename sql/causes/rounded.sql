-- One row per moved line and part: whole cents that add up. Every part is rounded down, and the cents that
-- are left go to the largest remainders, ties in the order of the parts' names; the drivers share what
-- circumstances have taken, in the same way.
with floored as (
    select
        part.*,
        part.part in ('conduct', 'elapsed_time', 'security', 'related', 'market') as is_driver,
        ((part.exact % 3600) + 3600) % 3600 as rest,
        (part.exact - ((part.exact % 3600) + 3600) % 3600) // 3600 as cents
    from part
),

ranked as (
    select
        floored.*,
        row_number() over (
            partition by floored.facility_id, floored.is_driver order by floored.rest desc, floored.part
        ) as place,
        cast(sum(floored.rest) over (partition by floored.facility_id, floored.is_driver) as bigint)
            as rests
    from floored
),

factor as (
    select
        ranked.facility_id,
        ranked.part,
        ranked.cents + case when ranked.place <= ranked.rests // 3600 then 1 else 0 end as cents
    from ranked
    where not ranked.is_driver
),

driver as (
    select
        ranked.facility_id,
        ranked.part,
        ranked.place,
        ranked.cents,
        factor.cents - cast(sum(ranked.cents) over (partition by ranked.facility_id) as bigint) as spare
    from ranked
    inner join factor on ranked.facility_id = factor.facility_id and factor.part = 'circumstances'
    where ranked.is_driver
)

select * from factor
union all
select
    driver.facility_id,
    driver.part,
    driver.cents + case when driver.place <= driver.spare then 1 else 0 end as cents
from driver
order by facility_id, part
