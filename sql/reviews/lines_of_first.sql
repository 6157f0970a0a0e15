-- One row: how many lines the first $most cases of the queue have (null: all cases).
select cast(coalesce(sum(len(open_now.facility_ids)), 0) as bigint) as lines
from open_now
where open_now.priority <= coalesce($most, open_now.priority)
