-- One row per pair of consumers and kind of tie.
with ties as (
    select n, borrower_id, onboarded_on, n + 1 as related_n, 'household' as kind
    from person
    where not is_enterprise and u_industry % 12 = 5
    union all
    select n, borrower_id, onboarded_on, n + 2, 'emergency_contact'
    from person
    where not is_enterprise and u_when % 20 = 9
    union all
    select n, borrower_id, greatest(onboarded_on, fraud_on), n + 3, 'shared_device'
    from person
    where not is_enterprise and fraud_kind in ('suspected', 'first_party')
)

select
    t.borrower_id,
    r.borrower_id as related_borrower_id,
    t.kind,
    cast(greatest(t.onboarded_on, r.onboarded_on) as timestamp) + interval 9 hour as recorded_at
from ties as t
inner join person as r on r.n = t.related_n
where not r.is_enterprise and greatest(t.onboarded_on, r.onboarded_on) <= $as_of
order by t.borrower_id, r.borrower_id, t.kind
