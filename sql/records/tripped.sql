-- One row per guard that tripped.
select
    guards.guard,
    guards.value
from guards
where guards.tripped
order by guards.guard
