-- One row per borrower: the scores, as benchmarks write them.
select * from scores
order by borrower_id
