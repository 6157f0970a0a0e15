-- One row per line of the members whose cut the night held back because it would lower the grade by itself.
select decided_line.facility_id
from decided_line
where
    decided_line.stability_row = 'down_grade_fall'
    and decided_line.facility_id in (select member_line.facility_id from member_line)
order by decided_line.facility_id
