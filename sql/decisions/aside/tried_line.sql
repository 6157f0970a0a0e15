-- One row per line of all groups that any walk of these is over: what such a walk reads of it.
select walk_grade.*
from main.walk_grade
where walk_grade.group_id in (select tried_group.group_id from tried_group)
