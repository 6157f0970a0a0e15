-- One row per line of the groups in tried_group: what a walk aside reads of it. Later walks are over some of
-- these groups.
select walk_grade.*
from main.walk_grade
where walk_grade.group_id in (select tried_group.group_id from tried_group)
