-- One row per borrower of whom a row was set aside, as it is kept: all their lines held.
select * from quarantined_borrower
order by borrower_id
