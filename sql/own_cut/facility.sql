-- One row per line of those borrowers (`borrower` of own_cut), each that would be cut at what would be left.
select
    rows_.*
    replace (coalesce(cut_now.left_cents, rows_.credit_limit_cents) as credit_limit_cents)
from facility as rows_
left join cut_now on rows_.facility_id = cut_now.facility_id
where rows_.borrower_id in (select borrower.borrower_id from borrower)
