-- One row per exposure group and night that its moved lines are counted from: its members switch together.
select
    cast(row_number() over (order by pair.group_id, pair.since_on) as integer) as unit,
    pair.group_id,
    pair.since_on
from (
    select distinct
        moved_line.group_id,
        moved_line.since_on
    from moved_line
    where moved_line.since_on is not null
) as pair
order by unit
