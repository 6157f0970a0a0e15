-- One row per borrower of the night.
with tonight as (
    select
        *,
        cast($as_of as date) - onboarded_on as known_days,
        case when hardship_from <= $as_of and hardship_from + 400 > $as_of then hardship_from end
            as hardship_on,
        fraud_on <= $as_of as is_fraud_known,
        increase_withdrawn_on <= $as_of as is_withdrawn,
        income_checked_every
        * ((cast($as_of as date) - onboarded_on) // income_checked_every) as checked_after
    from person
    where onboarded_on <= $as_of
)

select
    borrower_id,
    case when is_enterprise then 'enterprise' else 'consumer' end as borrower_type,
    jurisdiction,
    onboarded_on,
    case when identity_verified_on <= $as_of then identity_verified_on end as identity_verified_on,
    case when not is_enterprise and income_kind is not null then income_cents * 13 end as annual_income_cents,
    case when not is_enterprise and income_kind is not null then income_cents end as net_monthly_income_cents,
    case when not is_enterprise then income_kind end as income_kind,
    case
        when not is_enterprise and income_kind = 'verified' then onboarded_on + cast(checked_after as integer)
    end as income_verified_on,
    case when not is_enterprise then income_cents * housing_bp // 10000 end as housing_cents,
    language,
    profile_use_on is not null as profile_use,
    case
        when increase_on <= $as_of and not coalesce(is_withdrawn, false) then true
        when habit_no % 4 = 0 and increase_on is null then null
        else false
    end as limit_increase,
    case when is_enterprise then industry_code end as industry_code,
    case when not is_enterprise then year($as_of) - birth_year < 21 end as under_21,
    case when not is_enterprise then year($as_of) - birth_year < 25 and habit_no < 400 end as student,
    hardship_on,
    case when deceased_on <= $as_of then deceased_on end as deceased_on,
    case when is_fraud_known then coalesce(fraud_kind, 'none') else 'none' end as fraud_flag,
    cast(greatest(
        onboarded_on,
        case when identity_verified_on <= $as_of then identity_verified_on end,
        case when increase_on <= $as_of then increase_on end,
        case when is_withdrawn then increase_withdrawn_on end,
        hardship_on,
        case when deceased_on <= $as_of then deceased_on end,
        case when is_fraud_known and fraud_kind is not null then fraud_on end
    ) as timestamp) + interval 20 hour as recorded_at
from tonight
order by borrower_id
