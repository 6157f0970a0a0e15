-- One row per client: whether the payment of October 2005 was defaulted on. Read by the check of a
-- scorecard alone; never by a night.
select
    printf('UCI%05d', id) as borrower_id,
    "default.payment.next.month" = 1 as defaulted
from source
order by borrower_id
