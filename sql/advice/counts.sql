-- One row: lines told of a cut, and how many of them what would help.
select
    cast(count(*) as integer) as lines,
    cast(count(*) filter (where advice.standing <> 'nothing') as integer) as helped
from advice
