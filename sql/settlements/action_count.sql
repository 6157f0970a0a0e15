-- One row per action: how many lines a settlement does it to.
select
    settled_line.action,
    cast(count(*) as bigint) as lines
from settled_line
group by settled_line.action
order by settled_line.action
