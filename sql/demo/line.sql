-- One row per credit line: what does not change from night to night. A consumer has one or two revolving
-- lines; an enterprise one or two of working capital, and some a project line besides.
with slots as (
    select
        p.*,
        unnest(case
            when not is_enterprise then case when u_industry % 10 = 3 then [1, 2] else [1] end
            when u_industry % 20 = 4 then [1, 2, 3]
            when u_industry % 5 = 1 then [1, 2]
            when u_industry % 10 = 7 then [1, 3]
            else [1]
        end) as slot
    from person as p
),

hashed as (
    select
        *,
        md5_number_lower(concat_ws('|', $seed, n, slot, 'line')) as h_line,
        md5_number_lower(concat_ws('|', $seed, n, slot, 'use')) as h_use,
        md5_number_lower(concat_ws('|', $seed, n, slot, 'turn')) as h_turn
    from slots
),

sliced as (
    select
        *,
        case
            when not is_enterprise then 'revolving_consumer' when slot = 3 then 'project' else
                'working_capital'
        end as product,
        cast(h_line & 65535 as bigint) as u_limit,
        cast((h_line >> 16) & 65535 as bigint) as u_rate,
        cast((h_line >> 32) & 65535 as bigint) as u_change,
        cast(h_line >> 48 as bigint) as u_opened,
        cast(h_use & 65535 as bigint) as u_level,
        cast((h_use >> 16) & 65535 as bigint) as u_swing,
        cast((h_use >> 32) & 65535 as bigint) as u_period,
        cast(h_use >> 48 as bigint) as u_share,
        cast((h_turn & 4294967295) % 1000000 as bigint) as close_ppm,
        cast((h_turn >> 32) & 65535 as bigint) as u_kind,
        cast(h_turn >> 48 as bigint) as u_day
    from hashed
),

sized as (
    select
        *,
        onboarded_on
        + cast(case when slot = 1 then u_opened % 6 else 40 + u_opened % 900 end as integer) as opened_on,
        1 + cast(u_day % 28 as integer) as statement_day,
        1 + cast((u_day + 20) % 28 as integer) as due_day,
        case product
            when 'revolving_consumer'
                then greatest(100000, least(
                    case when slot = 1 then 16000000 else 5000000 end,
                    income_cents * greatest(300, 1300 + u_limit * 2200 // 65536 - risk * 300 // 1000)
                    // (case when slot = 1 then 1000 else 2500 end) // 10000 * 10000
                ))
            when 'working_capital'
                then greatest(5000000, least(
                    case currency when 'USD' then 120000000 else 600000000 end,
                    revenue_cents * (350 + u_limit * 700 // 65536) // 10000 // slot // 1000000 * 1000000
                ))
            else greatest(30000000, least(
                case currency when 'USD' then 140000000 else 900000000 end,
                revenue_cents * 15 // 100 // 1000000 * 1000000
            ))
        end as granted_cents
    from sliced
),

turned as (
    -- A few lines are closed by their borrower, two in a hundred a year.
    select
        *,
        case
            when close_ppm * 365 // 20000 < 20000 and product <> 'project'
                then opened_on + 200 + cast(close_ppm * 365 // 20000 as integer)
        end as left_on,
        case when trouble_on is not null then greatest(trouble_on, opened_on + 40) end
        + case when slot = 1 then 0 else cast(u_kind % 40 as integer) end
            as trouble_after,
        case
            when u_change < 16000 and product <> 'project'
                then opened_on + 90 + cast(u_change % 1100 as integer)
        end as changed_on,
        case when u_kind % 100 < 12 then 'borrower' else 'lender' end as changed_by
    from sized
),

troubled as (
    -- Trouble starts at the first payment date on or after its day.
    select
        * exclude (changed_on),
        case
            when changed_by = 'borrower' or changed_on <= cast($lender_changes_until as date) then changed_on
        end
            as changed_on,
        case
            when left_on <= trouble_after then null
            when
                day(trouble_after) <= due_day
                then trouble_after + cast(due_day - day(trouble_after) as integer)
            else last_day(trouble_after) + due_day
        end as trouble_from
    from turned
)

select
    n, slot, borrower_id, is_enterprise, risk, product, currency, opened_on, statement_day, due_day,
    'F' || lpad(cast(n as varchar), 9, '0') || '-' || slot as facility_id,
    granted_cents,
    -- The share of the limit in force before the change, in hundredths: raised, cut or given back.
    case
        when changed_by = 'borrower' then 140 when u_kind % 7 = 0 then 125 else 60 + u_kind % 31
    end as before_change_pct,
    changed_on, changed_by,
    trouble_from,
    least(coalesce(trouble_from + 270, left_on), case when product = 'project' then opened_on + 2920 end)
        as closed_on,
    -- A default, a death and a fraud freeze the line; a victim's line is blocked by a code of the lender's.
    least(
        trouble_from + 91,
        deceased_on + 12,
        case when fraud_kind in ('first_party', 'victim') then fraud_on + 1 end
    ) as frozen_on,
    case when product = 'project' then opened_on + 2920 end as matures_on,
    case product
        when 'revolving_consumer' then least(2400, greatest(720, 1500 + risk * 180 // 1000 + u_rate % 300))
        when 'working_capital' then least(1400, greatest(400, 700 + risk * 100 // 1000 + u_rate % 200))
        else least(1000, greatest(380, 560 + risk * 60 // 1000 + u_rate % 100))
    end as annual_rate_bp,
    case product when 'revolving_consumer' then 1000 when 'working_capital' then 300 else 120 end
        as minimum_bp,
    -- Utilisation in basis points: a level that the hidden factor sets, and two slow waves around it.
    case
        when product = 'project' then 6200 + u_level * 2400 // 65536
        when u_share % 64 = 1 then 10000
        else 3300 + risk * 1700 // 1000 + (u_level - 32768) * 6400 // 65536
    end as level_bp,
    case when product = 'project' then 300 else 300 + u_swing * 1500 // 65536 end as slow_bp,
    100 + u_swing % 512 as quick_bp,
    300 + u_period % 600 as slow_days,
    50 + u_period % 97 as quick_days,
    u_swing % 900 as phase_days,
    -- One line in 64 is drawn past its limit, and some of those who always use all of it.
    case
        when product <> 'project' and (u_share % 64 = 1 or u_share < 2000 + greatest(0, risk) * 3) then 10600
        else 9700
    end as most_bp,
    case when u_share % 100 < 5 and product <> 'project' then -200 else 0 end as least_bp,
    case
        when u_share % 256 < 16 and product <> 'project' then opened_on + 100 + cast(u_swing % 900 as integer)
    end as unused_from,
    greatest(400, least(10000, 3800 - risk * 1500 // 1000 + (u_share - 32768) * 6000 // 65536)) as paid_bp,
    -- One line in two hundred has a limit for the season above its own.
    case when u_rate % 200 = 7 and product = 'revolving_consumer' then u_rate % 5 end as season,
    u_day, u_kind
from troubled
order by n, slot
