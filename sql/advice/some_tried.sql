-- One row per thing that is tried of the units from $first to $last.
select *
from all_tried
where all_tried.unit between $first and $last
order by all_tried.unit, all_tried.place
