-- One row per row to spoil, and one more with a null kind where the sound row stays beside the spoiled one.
-- A borrower's tables are spoiled apart from each other, so that a row breaks only what it is meant to break.
with tables as (
    select 'assessment' as table_name, 'any' as among, borrower_id as k1, cast(assessed_on as varchar) as k2,
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
    -- A line that was there last month, on time, and of which no consent speaks.
    select 'facility', 'any', facility_id, null, null, null
    from facility
    where
        status = 'active' and product = 'revolving_consumer' and days_past_due = 0
        and temporary_limit_cents is null and opened_on < cast($days as date[])[-3]
        and not exists (select 1 from consent where consent.facility_id = facility.facility_id)
    union all
    select 'facility', 'closed', facility_id, null, null, null
    from facility
    where status = 'closed' and closed_before_last(facility_id)
    union all
    select 'facility_month', 'any', facility_id, cast(month as varchar), null, null
    from facility_month
    union all
    select 'financial_statement', 'any', borrower_id, cast(period_end as varchar), null, null
    from financial_statement
    union all
    select 'fx_rate', 'any', currency, cast(as_of as varchar), null, null
    from fx_rate
    where currency = 'EUR'
)

select * from tables
