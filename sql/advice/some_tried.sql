-- One row per thing chosen of the units from $first to $last.
select *
from chosen
where chosen.unit between $first and $last
order by chosen.unit, chosen.place
