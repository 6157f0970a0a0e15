-- One row per borrower: the sound rows, with those spoiled that bad_row names.
select
    coalesce(b.e1, t.borrower_id) as borrower_id,
    case b.kind
        when 'borrower_type_is_given' then null
        when 'borrower_type_is_known' then 'person'
        else t.borrower_type
    end as borrower_type,
    case b.kind
        when 'jurisdiction_is_given' then null
        when 'jurisdiction_is_two_capitals' then 'China'
        else t.jurisdiction
    end as jurisdiction,
    case b.kind
        when 'onboarded_on_is_a_past_day' then cast($as_of as date) + 30
        else t.onboarded_on
    end as onboarded_on,
    case b.kind
        when 'identity_verified_on_is_past' then cast($as_of as date) + 1
        else t.identity_verified_on
    end as identity_verified_on,
    case b.kind
        when 'annual_income_is_not_negative' then -1
        else t.annual_income_cents
    end as annual_income_cents,
    case b.kind
        when 'net_monthly_income_is_not_negative' then -1
        when 'borrower_amounts_are_computable' then 1000000000000000
        else t.net_monthly_income_cents
    end as net_monthly_income_cents,
    case b.kind when 'income_kind_is_known' then 'guessed' else t.income_kind end as income_kind,
    case b.kind
        when 'income_verified_on_is_past' then cast($as_of as date) + 1
        else t.income_verified_on
    end as income_verified_on,
    case b.kind when 'housing_cost_is_not_negative' then -1 else t.housing_cents end as housing_cents,
    case b.kind when 'language_is_known' then 'xx' else t.language end as language,
    t.profile_use,
    t.limit_increase,
    t.industry_code,
    t.under_21,
    t.student,
    case b.kind
        when 'hardship_on_is_past' then cast($as_of as date) + 1
        else t.hardship_on
    end as hardship_on,
    case b.kind
        when 'deceased_on_is_past' then cast($as_of as date) + 1
        else t.deceased_on
    end as deceased_on,
    case b.kind when 'fraud_flag_is_known' then 'maybe' else t.fraud_flag end as fraud_flag,
    t.recorded_at
from borrower as t
left join bad_row as b
    on
        b.table_name = 'borrower' and b.k1 = t.borrower_id
order by 1
