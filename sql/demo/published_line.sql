-- One row per credit line that the home has published a change of: the limits by the day each took effect,
-- the rate in force, and since when it is blocked. A compensating batch comes after the night that it
-- corrects.
with dated as (
    select
        facility_id, effective_on, old_limit_cents, new_limit_cents, new_rate_bp, blocked,
        row_number() over (
            partition by facility_id
            order by effective_on, as_of, cast(batch not like '%-night-%' as integer), change_id
        ) as place
    from published_change
    where effective_on <= $as_of
),

last_open as (
    select facility_id, max(place) filter (where not blocked) as opened_at
    from dated
    group by facility_id
)

select
    facility_id,
    list(effective_on order by place) filter (where old_limit_cents <> new_limit_cents) as published_on,
    list(new_limit_cents order by place) filter (where old_limit_cents <> new_limit_cents)
        as published_limits,
    first(new_rate_bp order by place desc) filter (where new_rate_bp is not null) as published_rate_bp,
    max(effective_on) filter (where old_limit_cents <> new_limit_cents) as limit_published_on,
    min(effective_on) filter (where blocked and place > coalesce(opened_at, 0)) as blocked_on
from dated
inner join last_open using (facility_id)
group by facility_id
order by facility_id
