-- One row per row to spoil, and one more with a null kind where the sound row stays beside the spoiled
-- one: the parts of its key, before and after. A row is spoiled once, and months in the middle of a line's
-- only.
with candidates as (
    select
        'assessment' as table_name, 'any' as among, borrower_id as k1, cast(assessed_on as varchar) as k2,
        null as k3, null as k4
    from assessment
    union all
    select 'borrower', 'any', borrower_id, null, null, null
    from borrower
    where borrower_type = 'consumer'
    union all
    select 'bureau_report', 'any', borrower_id, cast(pulled_on as varchar), null, null
    from bureau_report
    union all
    select 'consent', 'any', borrower_id, kind, cast(granted_on as varchar), null
    from consent
    where withdrawn_on is null and facility_id is null
    union all
    select 'control_link', 'any', borrower_id, related_borrower_id, kind, cast(valid_from as varchar)
    from control_link
    union all
    -- A line that was there last month, is on time, and of which no consent speaks.
    select 'facility', 'any', facility_id, null, null, null
    from facility
    where
        status = 'active'
        and product = 'revolving_consumer'
        and days_past_due = 0
        and temporary_limit_cents is null
        and opened_on < cast($days as date[])[-3]
        and facility_id not in (
            select facility_id from consent
            where facility_id is not null
        )
    union all
    select 'facility', 'closed', facility_id, null, null, null
    from facility
    where status = 'closed'
    union all
    select
        'facility_month', 'any', facility_id, cast(max(month) - interval 3 month as varchar)[1:10], null, null
    from facility_month
    group by facility_id
    having count(*) > 6
    union all
    select 'financial_statement', 'any', borrower_id, cast(period_end as varchar), null, null
    from financial_statement
    union all
    select 'fx_rate', 'any', currency, cast(as_of as varchar), null, null
    from fx_rate
    where currency = 'EUR'
    union all
    select 'guarantee', 'any', facility_id, guarantee_id, null, null
    from guarantee
    union all
    select 'project_status', 'any', facility_id, cast(reported_on as varchar), null, null
    from project_status
    union all
    select 'reference_rate', 'any', name, cast(as_of as varchar), null, null
    from reference_rate
    union all
    select 'social_link', 'any', borrower_id, related_borrower_id, kind, null
    from social_link
    union all
    select
        'spending_month', 'any', borrower_id, cast(max(month) - interval 3 month as varchar)[1:10], null, null
    from spending_month
    group by borrower_id
    having count(*) > 6
    union all
    -- Not every month has a row: the fourth of those that have.
    select 'trade_month', 'any', borrower_id, cast(month as varchar), null, null
    from trade_month
    qualify row_number() over (partition by borrower_id order by month desc) = 4
    union all
    select 'treatment', 'any', borrower_id, kind, cast(valid_from as varchar), null
    from treatment
),

ranked as (
    select
        *,
        row_number() over (
            partition by table_name, among order by md5(concat_ws('|', $seed, k1, k2, k3, k4)), k1, k2, k3, k4
        ) - 1 as place
    from candidates
),

picked as (
    select
        ranked.*, f.kind, f.also, f.part, f.beside,
        case f.edit
            when 'unknown' then 'unknown-' || place
            when 'empty' then ''
            when 'long' then k1 || repeat('-', 64)
            when 'lower' then lower(k1)
            when 'self' then k1
            when 'future' then cast(cast($as_of as date) + 1 + cast(place as integer) as varchar)
            when 'second_day' then cast(cast(k2 as date) + 1 as varchar)
            -- The row is left out, and the one after it shows the gap.
            when 'gap' then cast(last_day(cast(k2 as date)) + 1 as varchar)
        end as edited
    from ranked
    inner join bad_kind as f
        on
            f.table_name = ranked.table_name and f.among = ranked.among
            and f.position = place % f.kinds and place // f.kinds < f.most_rows
)

select
    table_name, kind, also, k1, k2, k3, k4,
    case when part = 1 then edited else k1 end as e1,
    case when part = 2 then edited else k2 end as e2,
    case when part = 3 then edited else k3 end as e3,
    k4 as e4
from picked
union all
select table_name, null as kind, '' as also, k1, k2, k3, k4, k1 as e1, k2 as e2, k3 as e3, k4 as e4
from picked
where beside
