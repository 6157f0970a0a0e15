-- One row per exposure group in which the law bound any line: a group is walked again together.
select law_tried.group_id
from main.law_tried
