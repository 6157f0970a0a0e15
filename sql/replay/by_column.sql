-- One row per column of a decision in which lines part, in the order in which it comes about: how many.
select
    parting.column_name,
    parting.step,
    count(*) as lines
from parting
group by parting.ordinal, parting.column_name, parting.step
order by parting.ordinal
