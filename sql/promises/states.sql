-- One row per state of tonight's promises: how many are in it.
select
    promises.state,
    cast(count(*) as integer) as promises
from promises
group by promises.state
order by promises.state
