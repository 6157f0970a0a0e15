-- One row per thing that was published and how the source shows it: how many lines.
select
    reconciled.what,
    reconciled.state,
    reconciled.lines
from reconciled
order by reconciled.what, reconciled.state
