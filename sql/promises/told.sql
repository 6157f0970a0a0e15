-- One row per promise that tonight makes, as the record keeps it.
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
    promises.limit_cents
from promises
where promises.state = 'made'
order by promises.facility_id
