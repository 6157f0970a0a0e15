-- One row per line of the exposure groups in which any line falls: a group is walked again together.
select lines.*
from main.lines
where lines.group_id in (select ground_line.group_id from main.ground_line)
