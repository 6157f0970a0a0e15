-- One row per unit and kind of thing that its borrower could do: the most of it.
select *
from all_tried
where all_tried.is_most
order by all_tried.unit, all_tried.place
