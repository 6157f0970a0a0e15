-- One row: how many lines are set back, by what is undone.
select
    count(*) as lines,
    count(*) filter (where undone_line.restored_limit_cents > undone_line.limit_cents) as decreases,
    count(*) filter (where undone_line.restored_limit_cents < undone_line.limit_cents) as increases,
    count(*) filter (where undone_line.restored_limit_cents = undone_line.limit_cents) as blocks
from undone_line
