-- One row per line that a settlement changes, as it is published: with the case that explains it.
select
    changes.* replace (cast($batch as varchar) as batch, changing_line.case_id as case_id)
from changes
inner join changing_line on changes.facility_id = changing_line.facility_id
order by changes.facility_id
