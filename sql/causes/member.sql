-- One row per unit and borrower that its lines are decided from: the group, whoever stands behind its lines,
-- and whoever stands behind theirs, each with all that are tied to them by control.
with recursive tie as (
    select
        stg_control_link.borrower_id as of_borrower_id,
        stg_control_link.related_borrower_id as borrower_id,
        0 as hands
    from stg_control_link
    union all
    select
        stg_control_link.related_borrower_id,
        stg_control_link.borrower_id,
        0
    from stg_control_link
    union all
    select
        stg_facility.borrower_id,
        stg_guarantee.provider_id,
        1
    from stg_guarantee
    inner join stg_facility on stg_guarantee.facility_id = stg_facility.facility_id
),

reached (unit, borrower_id, hands) as (
    select
        unit.unit,
        stg_facility.borrower_id,
        0
    from unit
    inner join
        moved_line
        on unit.group_id = moved_line.group_id and unit.since_on = moved_line.since_on
    inner join stg_facility on moved_line.facility_id = stg_facility.facility_id
    union
    select
        reached.unit,
        tie.borrower_id,
        reached.hands + tie.hands
    from reached
    inner join tie on reached.borrower_id = tie.of_borrower_id
    where reached.hands + tie.hands <= 2
)

select distinct
    reached.unit,
    unit.since_on,
    reached.borrower_id
from reached
inner join unit on reached.unit = unit.unit
where reached.borrower_id is not null
order by reached.unit, reached.borrower_id
