-- One row per moved line that ended somewhere in every coalition of its unit.
with asked as (
    select
        cause_coalition.present,
        count(*) as coalitions
    from cause_coalition
    group by cause_coalition.present
),

found as (
    select
        cause_value.facility_id,
        present.present,
        count(*) as coalitions
    from cause_value
    inner join present on cause_value.unit = present.unit
    group by cause_value.facility_id, present.present
)

select found.facility_id
from found
inner join asked on found.present = asked.present and found.coalitions = asked.coalitions
order by found.facility_id
