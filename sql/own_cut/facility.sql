-- One row per line of a borrower whose lines would be cut, those at the limit that would be left.
select
    rows_.*
    replace (coalesce(cut_now.left_cents, rows_.credit_limit_cents) as credit_limit_cents)
from facility as rows_
left join cut_now on rows_.facility_id = cut_now.facility_id
where rows_.borrower_id in (select cut_now.borrower_id from cut_now)
