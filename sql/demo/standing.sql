-- One row per credit line opened by the night: where it stood at the end of each closed month and on
-- as_of, as lists along $days. The first day is the end of the month before the first one shown, the last
-- is as_of.
with open_lines as (
    select
        l.*,
        p.published_on, p.published_limits, p.published_rate_bp, p.limit_published_on, p.blocked_on,
        cast($days as date[]) as days,
        least(l.frozen_on, p.blocked_on) as stopped_on,
        -- The chance to miss a date in a half-year, of 65536: it doubles every 640 thousandths of the factor.
        least(45000, 7000 * (1 << ((risk + 5120) // 640)) * (640 + (risk + 5120) % 640) // 640 // 256)
            as late_odds,
        (cast($as_of as date) - date '2015-01-01' + u_day % 180) // 180 as half_year
    from line as l
    left join published_line as p using (facility_id)
    where l.opened_on <= $as_of
),

chances as (
    select
        *,
        list_transform(
            [3, 2, 1, 0],
            lambda back: md5_number_lower(concat_ws('|', $seed, n, slot, 'late', half_year - back))
        ) as late_draws
    from open_lines
),

missed_days as (
    -- In each half-year of its own a line may start to miss payments on one of its due dates.
    select
        *,
        list_transform(
            late_draws,
            lambda h, i: case
                when cast(h & 65535 as bigint) < late_odds
                    then date '2015-01-01' + cast(
                        (half_year - 4 + i) * 180 - u_day % 180 + cast((h >> 16) % 180 as bigint) as integer
                    )
            end
        ) as late_after,
        list_transform(
            late_draws,
            lambda h: case
                when cast(h >> 48 as bigint) < 36000 then 3 + cast((h >> 32) % 18 as integer)
                when cast(h >> 48 as bigint) < 56000 then 21 + cast((h >> 32) % 25 as integer)
                when cast(h >> 48 as bigint) < 63000 then 46 + cast((h >> 32) % 30 as integer)
                else 76 + cast((h >> 32) % 13 as integer)
            end
        ) as late_for
    from chances
),

due_days as (
    select
        * exclude (late_after),
        list_transform(
            late_after,
            lambda a: case
                when a < opened_on + 40 or a + 31 >= unused_from then null
                when day(a) <= due_day then a + cast(due_day - day(a) as integer)
                else last_day(a) + due_day
            end
        ) as late_from
    from missed_days
),

behind_days as (
    -- The first due date still unpaid at the end of each day; null when nothing is late.
    select
        *,
        list_transform(
            days,
            lambda d: case
                when d < closed_on or closed_on is null
                    then least(
                        case when d > trouble_from then trouble_from end,
                        case when d > late_from[1] and d < late_from[1] + late_for[1] then late_from[1] end,
                        case when d > late_from[2] and d < late_from[2] + late_for[2] then late_from[2] end,
                        case when d > late_from[3] and d < late_from[3] + late_for[3] then late_from[3] end,
                        case when d > late_from[4] and d < late_from[4] + late_for[4] then late_from[4] end
                    )
            end
        ) as behind_from
    from due_days
),

bases as (
    -- The day whose use of the line its balance shows: who is late, or blocked, draws no more.
    select
        *,
        list_transform(
            behind_from, lambda b, i: least(coalesce(b - cast(day(b) as integer), days[i]), stopped_on)
        ) as base_on,
        list_transform(
            behind_from,
            lambda b, i: case
                when b is null then 0 else date_diff('month', b, days[i]) + 1
            end
        ) as missed,
        list_transform(
            behind_from,
            lambda b, i: greatest(
                0, coalesce(date_diff('month', stopped_on, coalesce(b - cast(day(b) as integer), days[i])), 0)
            )
        ) as months_stopped
    from behind_days
),

granted as (
    -- The limit as the lender's own books have it, then as published; a project's follows its schedule.
    select
        *,
        list_transform(
            list_concat(days, base_on),
            lambda d: case
                when product = 'project'
                    then
                        granted_cents * (5 - greatest(0, least(4, (d - opened_on - 90) // 365 - 2)))
                        // 50000 * 10000
                when d < changed_on then granted_cents * before_change_pct // 100 // 10000 * 10000
                else granted_cents
            end
        ) as own_limits,
        list_transform(
            list_concat(days, base_on),
            lambda d: published_limits[len(list_filter(published_on, lambda p: p <= d))]
        ) as set_limits
    from bases
),

used as (
    select
        *,
        list_transform(days, lambda d, i: coalesce(set_limits[i], own_limits[i])) as limits,
        list_transform(
            base_on,
            lambda d, i: case
                when d < opened_on then 0
                when d >= unused_from then 0
                else greatest(least_bp, least(
                    most_bp,
                    level_bp
                    + slow_bp * (abs(
                        (d - date '2015-01-01' + phase_days) % slow_days * 2 - slow_days
                    ) * 2 - slow_days) // slow_days
                    + quick_bp * (abs(
                        (d - date '2015-01-01' + phase_days) % quick_days * 2 - quick_days
                    ) * 2 - quick_days) // quick_days
                )) * least(1000, 200 + (d - opened_on) * 8) // 1000
            end
        ) as used_bp
    from granted
),

owed as (
    -- Who stops paying for good had drawn at least half. A cut caps the balance, a rise is half drawn.
    select
        *,
        list_transform(
            used_bp,
            lambda u, i: case
                when days[i] >= closed_on or days[i] < opened_on then 0
                else (case
                    when set_limits[len(days) + i] is null
                        then own_limits[len(days) + i]
                        * greatest(u, case
                            when missed[i] = 0 or stopped_on <= base_on[i] then -10000
                            when behind_from[i] = trouble_from then 5000
                            else 1500
                        end) // 10000
                    when set_limits[len(days) + i] < own_limits[len(days) + i]
                        then least(set_limits[len(days) + i], own_limits[len(days) + i] * u // 10000)
                    else (own_limits[len(days) + i] + set_limits[len(days) + i]) // 2 * u // 10000
                end)
                * (1000 - least(900, 30 * months_stopped[i])) // 1000 * (1000 + 15 * missed[i]) // 1000
            end
        ) as balances
    from used
)

select
    n, slot, facility_id, borrower_id, is_enterprise, risk, product, currency, opened_on, closed_on,
    frozen_on, matures_on, statement_day, due_day, annual_rate_bp, minimum_bp, paid_bp, trouble_from,
    changed_on, changed_by, season, u_day, u_kind, granted_cents, published_rate_bp, limit_published_on,
    blocked_on, stopped_on, limits, behind_from, missed, balances
from owed
order by n, slot
