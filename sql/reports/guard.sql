-- One row per guard: what it measured and what it allows.
select
    guards.guard,
    guards.value,
    guards.limit_value,
    guards.tripped,
    guards.because
from guards
order by guards.tripped desc, guards.guard
