-- One row per line that we changed in the last twelve months: the highest limit it was changed from.
select
    past_change.facility_id,
    max(past_change.old_limit_cents) as highest_limit_cents
from past_change, night
where past_change.as_of > night.as_of - interval 12 month
group by past_change.facility_id
