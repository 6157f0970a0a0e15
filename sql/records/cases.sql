-- One row per borrower whose line goes to a person tonight, as it is kept.
select * from cases
order by case_id
