-- One row per line of the groups that are walked again: as it stands before the walk.
select tried_line.*
from tried_line
where tried_line.group_id in (select tried_group.group_id from tried_group)
