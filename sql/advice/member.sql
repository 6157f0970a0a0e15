-- One row per unit and borrower that its line is decided from: its borrower, whoever stands behind its lines,
-- and whoever stands behind theirs, each with all that are tied to them by control.
with recursive reached (unit, borrower_id, hands) as (
    select
        unit.unit,
        unit.borrower_id,
        0
    from unit
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
    reached.borrower_id
from reached
where reached.borrower_id is not null
order by reached.unit, reached.borrower_id
