-- One row per credit line that the home has published a change of: the limits by the day each took effect,
-- the rate in force, and since when it is blocked.
with dated as (
    select
        facility_id, effective_on, as_of, change_id, old_limit_cents, new_limit_cents, new_rate_bp, blocked,
        row_number() over (partition by facility_id order by effective_on desc, as_of desc, change_id desc)
            as newest
    from published_change
    where effective_on <= $as_of
),

states as (
    select
        *,
        max(case when not blocked then -newest else -1000000000 end) over (partition by facility_id) as open_at
    from dated
)

select
    facility_id,
    list(effective_on order by newest desc) as published_on,
    list(new_limit_cents order by newest desc) as published_limits,
    max(case when newest = 1 then new_rate_bp end) as published_rate_bp,
    max(case when old_limit_cents <> new_limit_cents then effective_on end) as limit_published_on,
    min(case when blocked and -newest > open_at then effective_on end) as blocked_on
from states
group by facility_id
order by facility_id
