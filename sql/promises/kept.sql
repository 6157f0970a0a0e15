-- One row per promise of the last committed night that still stands.
select
    told_promise.promise_id,
    told_promise.facility_id,
    told_promise.borrower_id,
    told_promise.made_on,
    told_promise.code,
    told_promise.amount_cents,
    told_promise.pay_on,
    told_promise.by_on,
    told_promise.drawn_cents,
    told_promise.due_on,
    told_promise.limit_cents,
    told_promise.state = 'offered' as is_offered
from told_promise
where told_promise.state in ('made', 'live', 'extended', 'offered')
order by told_promise.facility_id
