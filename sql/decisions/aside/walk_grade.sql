-- One row per line of the groups that are walked again: as it stands before the walk.
select walk_grade.*
from main.walk_grade
where walk_grade.group_id in (select tried_group.group_id from tried_group)
