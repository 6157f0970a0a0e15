-- One row per borrower and day a bureau report was pulled: every 30, 61 or 91 days, half a year back and
-- more.
with intervals as (
    select *, [30, 61, 91][1 + habit_no % 3] as every
    from person
    where u_hardship % 100 >= 12 and onboarded_on <= $as_of
),

pulls as (
    select
        *,
        (cast($as_of as date) - date '2015-01-01' + u_when % 91) // every - unnest(range(0, 250 // every + 1))
            as pull_no
    from intervals
),

pulled as (
    select
        *,
        date '2015-01-01' + cast(pull_no * every - u_when % 91 as integer) as pulled_on,
        (u_industry * 31 + pull_no * 7919) % 1000 as jitter
    from pulls
),

seen as (
    -- Arrears elsewhere come in thirds of a year; in trouble with us is in trouble elsewhere too.
    select
        *,
        (pulled_on - date '2015-01-01' + u_hardship) // 120 as third,
        (pulled_on - date '2015-01-01' + u_hardship) % 120 as third_day,
        case when is_enterprise then revenue_cents // 12 else income_cents end as means_cents,
        greatest(300, least(
            9800, 3600 + risk * 1500 // 1000 + (u_when - 32768) * 4500 // 65536
            + abs((pulled_on - date '2015-01-01' + u_when) % 400 * 2 - 400) * 3 - 600
        )) as used_bp
    from pulled
    where
        pulled_on >= onboarded_on and pulled_on > cast($days as date[])[8]
        and (pulled_on < deceased_on + 60 or deceased_on is null)
),

arrears as (
    select
        *,
        means_cents * (1500 + u_industry * 5000 // 65536) // 1000 // 10000 * 10000 as limit_cents,
        case
            when pulled_on > trouble_on + 25 then least(720, pulled_on - trouble_on)
            when
                (u_industry * 104729 + third * 7877) % 10007
                < least(7000, 300 * (1 << ((risk + 5120) // 640)) * (640 + (risk + 5120) % 640) // 640 // 256)
                and third_day < 5 + (u_industry + third * 13) % 75
                then third_day
            else 0
        end as dpd_now,
        case
            when u_industry % 1000 < greatest(10, 60 + risk * 70 // 1000) then 30 * (1 + u_when % 3) else 0
        end as dpd_past
    from seen
),

balanced as (
    select *, limit_cents * used_bp // 10000 as balance_cents
    from arrears
)

select
    borrower_id,
    pulled_on,
    case when is_enterprise then 'business_bureau' else 'credit_bureau' end as provider,
    'R' || n || '-' || strftime(pulled_on, '%Y%m%d') as report_id,
    cast(greatest(0, 2 + risk // 900 + (u_when % 5) - 2) as integer) as lender_count,
    balance_cents as external_balance_cents,
    limit_cents as external_limit_cents,
    balance_cents * (4000 + u_when % 5000) // 10000 as unsecured_revolving_cents,
    balance_cents * (250 + u_industry % 250) // 10000 as monthly_payment_cents,
    cast(greatest(0, (risk + 1200) // 700 + jitter % 4 - 1) as integer) as inquiries_6m,
    cast(dpd_now as integer) as worst_dpd_now,
    cast(greatest(dpd_now, dpd_past) as integer) as worst_dpd_24m,
    cast(case
        when trouble_on + 200 < pulled_on and u_when % 3 = 0 then 2
        when u_when % 1000 < greatest(2, 8 + risk * 12 // 1000) then 1
        else 0
    end as integer) as public_record_count,
    jitter = 7 and u_when % 20 = 0 as disputed,
    case when habit_no % 10 = 0 then null else true end as excludes_us,
    cast(pulled_on as timestamp) + interval 6 hour as recorded_at
from balanced
order by borrower_id, pulled_on
