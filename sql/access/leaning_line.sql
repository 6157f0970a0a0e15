-- One row per decision on a line of another borrower that leant on the borrower's rows: of the same control
-- group, or with a cover of theirs; its place in the file, the first at 0.
with placed as (
    select
        held.*,
        row_number() over (order by held.facility_id) - 1 as place
    from held
),

own_group as (
    select distinct placed.group_id
    from placed
    where list_contains($lines, placed.facility_id)
)

select placed.place
from placed
where
    coalesce(list_contains($lines, placed.facility_id), false) is false
    and (
        placed.group_id in (select own_group.group_id from own_group)
        or list_contains($borrowers, placed.group_id)
        or list_has_any(
            list_transform(coalesce(placed.covers, []), lambda cover: cover.provider_id), $borrowers
        )
    )
order by placed.place
