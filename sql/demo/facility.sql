-- One row per credit line as it stands at the end of as_of.
with tonight as (
    select
        *,
        limits[-1] as limit_cents,
        balances[-1] as drawn_cents,
        behind_from[-1] as behind_since,
        missed[-1] as dates_missed,
        coalesce(closed_on <= $as_of, false) as is_closed,
        coalesce(frozen_on <= $as_of, false) as is_frozen,
        coalesce(blocked_on <= $as_of, false) as is_blocked,
        case
            when product = 'project' and cast($as_of as date) - opened_on >= 1185
                then
                    opened_on + 1185
                    + least(3, (cast($as_of as date) - opened_on - 1185) // 365)::integer * 365
            when changed_on <= $as_of then changed_on
        end as own_change_on,
        make_date(year($as_of), 11, 12) + cast(season * 7 as integer) as season_ends_on
    from standing
),

owing as (
    select
        *,
        -- A temporary limit for the November sales is shown until a month after its end.
        coalesce($as_of between make_date(year($as_of), 10, 25) and season_ends_on + 30, false) as is_season,
        least(greatest(0, drawn_cents), greatest(greatest(0, drawn_cents) * minimum_bp // 10000, 10000))
            as minimum_cents
    from tonight
)

select
    facility_id,
    borrower_id,
    product,
    currency,
    limit_cents as credit_limit_cents,
    drawn_cents,
    case
        when
            is_closed or is_frozen or is_blocked or dates_missed > 0 or drawn_cents * 10 > limit_cents * 8
            then 0
        when (u_day + (cast($as_of as date) - date '2015-01-01') * 7) % 31 = 0 then limit_cents // 50
        else 0
    end as pending_cents,
    cast(coalesce(published_rate_bp, annual_rate_bp) as integer) as annual_rate_bp,
    opened_on,
    -- A working-capital line is renewed every year, a project runs eight.
    case product
        when 'project' then matures_on
        when 'working_capital'
            then opened_on + cast(((cast($as_of as date) - opened_on) // 365 + 1) * 365 as integer)
    end as matures_on,
    case when is_closed then 'closed' when is_frozen then 'frozen' else 'active' end as status,
    cast(coalesce(cast($as_of as date) - behind_since, 0) as integer) as days_past_due,
    case when dates_missed > 0 then greatest(100, least(drawn_cents, dates_missed * minimum_cents)) else 0 end
        as past_due_cents,
    minimum_cents as minimum_due_cents,
    cast(statement_day as integer) as statement_day,
    coalesce(limit_published_on, own_change_on) as last_limit_change_on,
    case
        when
            limit_published_on is not null or (own_change_on is not null and product = 'project')
            then 'lender'
        when own_change_on is not null then changed_by
    end as last_change_by,
    -- Reviewed every half-year on a day of its own; of one in eleven nobody knows.
    case
        when u_kind % 11 = 0 then null
        else opened_on + cast(greatest(
            0, (cast($as_of as date) - opened_on - u_day % 90) // 180 * 180
            + case when cast($as_of as date) - opened_on >= u_day % 90 then u_day % 90 else 0 end
        ) as integer)
    end as last_reviewed_on,
    is_frozen or is_blocked as drawdown_blocked,
    case
        when is_closed then null
        when is_frozen and trouble_from + 91 <= $as_of then 'arrears'
        when is_frozen then 'lender'
        when is_blocked then 'linewatch'
    end as block_code,
    case
        when product = 'project' or (product = 'working_capital' and u_kind % 12 = 5) then 'committed'
        else 'uncommitted'
    end as commitment,
    product <> 'project' as revolving,
    case
        when product = 'project'
            then
                granted_cents * (5 - greatest(0, least(4, (cast($as_of as date) - opened_on) // 365 - 2)))
                // 5
                // 10000 * 10000
    end as scheduled_limit_cents,
    case when is_season then limit_cents * 12 // 10 // 10000 * 10000 end as temporary_limit_cents,
    case when is_season then season_ends_on end as temporary_until,
    cast($as_of as timestamp) + interval 23 hour as recorded_at
from owing
order by facility_id
