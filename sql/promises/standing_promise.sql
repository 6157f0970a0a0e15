-- One row per promise of earlier nights that stands after tonight, as it stands then.
select
    promises.promise_id,
    promises.facility_id,
    promises.borrower_id,
    promises.made_on,
    promises.code,
    promises.amount_cents,
    promises.pay_on,
    promises.by_on,
    promises.drawn_cents,
    promises.due_on,
    promises.limit_cents,
    promises.state = 'offered' as is_offered
from promises
where promises.state in ('live', 'extended', 'offered')
order by promises.facility_id
