-- One row per guard: what it measured, or why it could not, and what it allows.
select
    guards.guard,
    guards.value,
    guards.limit_value,
    guards.tripped,
    guards.because,
    guards.not_measured
from guards
order by guards.tripped desc, guards.guard
