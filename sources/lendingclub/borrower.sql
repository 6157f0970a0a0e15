-- One row per loan issued in the twelve months up to the night whose revolving line is known: who took it.
select
    printf('LC%05d', loan) as borrower_id,
    'consumer' as borrower_type,
    'US' as jurisdiction,
    annual_inc as annual_income_cents,
    case verification_status when 'Verified' then 'verified' else 'stated' end as income_kind,
    case verification_status when 'Verified' then last_day(issue_d) end as income_verified_on
from source
where
    last_day(issue_d) > $as_of - interval 12 month
    and last_day(issue_d) <= $as_of
    and revol_bal > 0
    and revol_util > 0
order by borrower_id
