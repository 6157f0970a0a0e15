-- One row per watched line whose limit a batch lowers.
select
    later_change.facility_id,
    cast($as_of as date) as as_of,
    'decreased' as sign,
    cast($batch_seq as bigint) as batch_seq
from later_change
inner join watched_line on later_change.facility_id = watched_line.facility_id
where later_change.new_limit_cents < later_change.old_limit_cents
