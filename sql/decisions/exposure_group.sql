-- One row per borrower tied to another by control on as_of: the group is named after its first member.
-- Borrowers without a tie are their own group and have no row.
with recursive edge as (
    select
        control_link.borrower_id as one,
        control_link.related_borrower_id as other
    from control_link, night
    where
        control_link.valid_from <= night.as_of
        and (control_link.valid_until is null or control_link.valid_until >= night.as_of)
    union
    select
        control_link.related_borrower_id as one,
        control_link.borrower_id as other
    from control_link, night
    where
        control_link.valid_from <= night.as_of
        and (control_link.valid_until is null or control_link.valid_until >= night.as_of)
),

reached (borrower_id, group_id) using key (borrower_id) as (
    select
        edge.one,
        min(least(edge.one, edge.other))
    from edge
    group by edge.one
    union
    select
        edge.other,
        min(reached.group_id)
    from reached
    inner join edge on reached.borrower_id = edge.one
    inner join recurring.reached as standing on edge.other = standing.borrower_id
    where reached.group_id < standing.group_id
    group by edge.other
)

select
    reached.borrower_id,
    reached.group_id
from reached
order by reached.borrower_id
