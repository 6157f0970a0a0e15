-- One row per thing that is less than the most and worth trying.
select all_tried.*
from all_tried
inner join helping on all_tried.unit = helping.unit and all_tried.trouble = helping.trouble
where not all_tried.is_most
order by all_tried.unit, all_tried.place
