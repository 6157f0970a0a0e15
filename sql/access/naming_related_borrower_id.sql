-- One row per link of another borrower to this one.
select *
from held
where
    held.related_borrower_id in (select borrower_id from sought_borrower)
    and held.borrower_id not in (select borrower_id from sought_borrower)
order by all
