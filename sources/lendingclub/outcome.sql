-- One row per loan: whether it was charged off in the end. Read by the check of a scorecard alone; never by a
-- night.
select
    printf('LC%05d', loan) as borrower_id,
    case
        when ends_with(loan_status, 'Charged Off') then true
        when ends_with(loan_status, 'Fully Paid') then false
    end as defaulted
from source
order by borrower_id
