-- One row per case of the queue, the first $most of them: its key, in order.
select open_now.case_id
from open_now
where open_now.priority <= coalesce($most, open_now.priority)
order by open_now.priority
