-- One row per reason for which lines are left alone: how many.
select
    changed_line.left_because,
    count(*) as lines
from changed_line
where changed_line.left_because is not null
group by changed_line.left_because
order by changed_line.left_because
