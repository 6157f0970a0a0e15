-- One row per row of a file that is of a line of the borrower: its place in the file, the first at 0.
select placed.place
from (
    select
        held.facility_id,
        row_number() over (order by held.facility_id) - 1 as place
    from held
) as placed
where list_contains($lines, placed.facility_id)
order by placed.place
