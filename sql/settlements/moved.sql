-- One row: by how much a settlement lowers limits, and raises them, in cents of the reporting currency, each
-- line rounded down.
select
    cast(coalesce(sum(settled_line.moved_rep_cents) filter (
        where settled_line.action = 'decrease'
    ), 0) as bigint) as decreased,
    cast(coalesce(sum(settled_line.moved_rep_cents) filter (
        where settled_line.action = 'increase'
    ), 0) as bigint) as increased
from settled_line
