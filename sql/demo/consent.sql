-- One row per borrower, kind of consent and day it was granted.
with given as (
    select
        borrower_id,
        'profile_use' as kind,
        profile_use_on as granted_on,
        null as facility_id,
        null as amount_cents,
        null as withdrawn_on
    from person
    union all
    -- One in thirty agrees to a rise of one line, and up to a sum.
    select
        borrower_id, 'limit_increase', increase_on,
        case
            when habit_no % 30 = 7 and increase_on >= onboarded_on + 6
                then 'F' || lpad(cast(n as varchar), 9, '0') || '-1'
        end,
        case when habit_no % 30 = 7 and increase_on >= onboarded_on + 6 then 5000000 + habit_no * 10000 end,
        increase_withdrawn_on
    from person
    union all
    select
        borrower_id,
        'automation_objection',
        onboarded_on + 300 + cast(u_when % 1500 as integer),
        null,
        null,
        null
    from person
    where u_industry % 500 = 11 and not is_enterprise
)

select
    borrower_id,
    kind,
    granted_on,
    cast(facility_id as varchar) as facility_id,
    cast(amount_cents as bigint) as amount_cents,
    case when withdrawn_on <= $as_of then cast(withdrawn_on as date) end as withdrawn_on,
    cast(
        greatest(
            granted_on, case when withdrawn_on <= $as_of then cast(withdrawn_on as date) end
        ) as timestamp
    )
    + interval 12 hour as recorded_at
from given
where granted_on <= $as_of
order by borrower_id, kind, granted_on
