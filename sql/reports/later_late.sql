-- One row per watched line that a night finds thirty days past due or more.
select
    later_decision.facility_id,
    cast($as_of as date) as as_of,
    'late' as sign,
    cast(null as bigint) as batch_seq
from later_decision
inner join watched_line on later_decision.facility_id = watched_line.facility_id
where later_decision.days_past_due >= 30
