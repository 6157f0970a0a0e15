-- One row per kind of case, day opened and day due of a queue: how many, how many of them somebody has
-- claimed, and how many wait for a second look.
select
    open_now.kind,
    open_now.opened_on,
    open_now.due_on,
    count(*) as cases,
    count(*) filter (where open_now.holder <> '') as claimed,
    count(*) filter (where open_now.stage = 'second_look') as second_look
from open_now
group by open_now.kind, open_now.opened_on, open_now.due_on
order by open_now.kind, open_now.opened_on, open_now.due_on nulls last
