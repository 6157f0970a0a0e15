-- One row per line that we changed in the last twelve months: the highest limit it was changed from, and
-- the highest that a cut took it down from.
select
    past_change.facility_id,
    max(past_change.old_limit_cents) as highest_limit_cents,
    max(past_change.old_limit_cents) filter (
        where past_change.new_limit_cents < past_change.old_limit_cents
    ) as cut_from_cents
from past_change, night
where past_change.as_of > night.as_of - interval 12 month
group by past_change.facility_id
