-- One row per line of the exposure groups in which the law bound any line: a group is walked again together.
select lines.*
from main.lines
where lines.group_id in (select law_tried.group_id from main.law_tried)
