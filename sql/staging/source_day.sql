-- One row per table with a dated row: the last day up to as_of, and the first after it. Months count as their
-- last day. A row recorded on the morning after as_of is one of as_of: sources are delivered overnight.
with dated as (
    select
        'assessment' as table_name,
        assessed_on as day_on,
        cast(recorded_at as date) as recorded_on
    from stg_assessment
    union all
    select 'borrower', null, cast(recorded_at as date) from stg_borrower
    union all
    select 'bureau_report', pulled_on, cast(recorded_at as date) from stg_bureau_report
    union all
    select 'consent', coalesce(withdrawn_on, granted_on), cast(recorded_at as date) from stg_consent
    union all
    select 'contact', null, cast(recorded_at as date) from stg_contact
    union all
    select 'control_link', valid_from, cast(recorded_at as date) from stg_control_link
    union all
    select 'facility', null, cast(recorded_at as date) from stg_facility
    union all
    select 'facility_month', last_day(month), cast(recorded_at as date) from stg_facility_month
    union all
    select
        'financial_statement',
        coalesce(received_on, period_end),
        cast(recorded_at as date)
    from stg_financial_statement
    union all
    select 'fx_rate', as_of, cast(recorded_at as date) from stg_fx_rate
    union all
    select 'guarantee', coalesce(valued_on, valid_from), cast(recorded_at as date) from stg_guarantee
    union all
    select 'project_status', reported_on, cast(recorded_at as date) from stg_project_status
    union all
    select 'protected_attribute', null, cast(recorded_at as date) from stg_protected_attribute
    union all
    select 'reference_rate', as_of, cast(recorded_at as date) from stg_reference_rate
    union all
    select 'social_link', null, cast(recorded_at as date) from stg_social_link
    union all
    select 'spending_month', last_day(month), cast(recorded_at as date) from stg_spending_month
    union all
    select 'trade_month', last_day(month), cast(recorded_at as date) from stg_trade_month
    union all
    select 'treatment', valid_from, cast(recorded_at as date) from stg_treatment
)

select
    table_name,
    greatest(
        max(day_on) filter (where day_on <= $as_of),
        max(least(recorded_on, $as_of)) filter (where recorded_on <= $as_of + 1)
    ) as last_on,
    least(
        min(day_on) filter (where day_on > $as_of),
        min(recorded_on) filter (where recorded_on > $as_of + 1)
    ) as first_after_on,
    greatest(max(day_on), max(recorded_on)) as latest_on
from dated
where day_on is not null or recorded_on is not null
group by table_name
order by table_name
