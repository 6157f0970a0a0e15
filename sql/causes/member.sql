-- One row per unit and borrower that its lines are decided from: the group, whoever stands behind its lines,
-- and whoever stands behind theirs, each with all that are tied to them by control.
with recursive reached (unit, borrower_id, hands) as (
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
