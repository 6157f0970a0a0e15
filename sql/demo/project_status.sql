-- One row per project line and report day: every quarter, eighteen months back and more. One project in 37
-- stops reporting after two years; of those under way one in 29 is abandoned.
with reports as (
    select
        l.*,
        date '2015-01-01'
        + cast(
            ((cast($as_of as date) - date '2015-01-01' + u_day % 91) // 91 - unnest(range(0, 8))) * 91
            - u_day % 91 as integer
        )
            as reported_on
    from line as l
    where l.product = 'project' and l.opened_on <= $as_of
),

built as (
    select
        *,
        reported_on - opened_on as age_days,
        700 + u_day % 500 + greatest(0, risk) * 200 // 1000 as build_days
    from reports
    where
        reported_on >= opened_on and reported_on > cast($days as date[])[1] - 200
        and (reported_on < closed_on or closed_on is null)
        and (u_kind % 37 <> 5 or reported_on - opened_on < 730)
)

select
    facility_id,
    reported_on,
    case
        when u_kind % 29 = 3 and age_days between 500 and build_days then 'abandoned'
        when age_days < 150 then 'preparation' when age_days < build_days then 'construction' else 'operation'
    end
        as phase,
    cast(least(10000, age_days * 10000 // build_days) as integer) as completion_bp,
    granted_cents * 13 // 10 * (10000 - least(10000, age_days * 10000 // build_days)) // 10000
        as cost_to_complete_cents,
    cast(case when age_days >= build_days then 13500 - risk * 2200 // 1000 + u_kind % 2000 end as integer)
        as dscr_bp,
    coalesce(age_days >= build_days and 13500 - risk * 2200 // 1000 + u_kind % 2000 < 11000, false)
        as covenant_breached,
    coalesce(reported_on > trouble_from + 30, false)
    or (u_kind % 60 = 9 and age_days < build_days) as draw_stop,
    cast(reported_on as timestamp) + interval 11 hour as recorded_at
from built
order by facility_id, reported_on
